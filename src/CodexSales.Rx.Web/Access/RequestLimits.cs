using CodexSales.Rx.Web.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace CodexSales.Rx.Web.Access;

/// <summary>How much is taken in at a time: whoever asks, selling goes on.</summary>
internal sealed class RequestLimits(IOptions<WebOptions> options, Viewers viewers) : IConfigureOptions<KestrelServerOptions>
{
    private static readonly TimeSpan SlowestHeaders = TimeSpan.FromSeconds(10);
    private readonly Room _requests = new(options.Value.MaxRequests);

    /// <inheritdoc/>
    public void Configure(KestrelServerOptions server)
    {
        var limits = server.Limits;
        server.AddServerHeader = false;
        limits.MaxRequestBodySize = options.Value.MaxBodyBytes;
        limits.MaxRequestHeadersTotalSize = options.Value.MaxHeaderBytes;
        limits.MaxRequestLineSize = Math.Min(limits.MaxRequestLineSize, options.Value.MaxHeaderBytes);
        limits.MaxConcurrentConnections = options.Value.MaxConnections;
        limits.RequestHeadersTimeout = SlowestHeaders;
    }

    /// <summary>Answers 503 to one too many. A slow sender is not counted until all of it is there.</summary>
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var room = IsViewer(context.Request) ? viewers : _requests;
        if (room == _requests && !await IsReadAsync(context).ConfigureAwait(false))
        {
            context.Abort();
            return;
        }

        if (!room.TryEnter())
        {
            context.Response.Headers.RetryAfter = "1";
            await context.WriteProblemAsync(
                StatusCodes.Status503ServiceUnavailable,
                $"Too much is asked at once: {room.Most} at a time are answered. Try again in a moment.").ConfigureAwait(false);
            return;
        }

        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            room.Leave();
        }
    }

    // A slow sender does not keep the app from its end.
    private async Task<bool> IsReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is not true)
        {
            return true;
        }

        context.Request.EnableBuffering(bufferThreshold: options.Value.MaxBodyBytes);
        using var left = context.UntilLeft();
        try
        {
            await context.Request.Body.DrainAsync(left.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            return false;
        }

        context.Request.Body.Position = 0;
        return true;
    }

    // Paths are of any case, and may end in a slash.
    private static bool IsViewer(HttpRequest request) =>
        request.Headers.ContainsKey(HeaderNames.Upgrade)
        || request.Path.Value!.TrimEnd('/').EndsWith("/live", StringComparison.OrdinalIgnoreCase)
        || request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.Ordinal);
}
