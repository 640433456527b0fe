using CodexSales.Rx.Web.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace CodexSales.Rx.Web.Access;

/// <summary>How much is taken in at a time: whoever asks, selling goes on.</summary>
internal sealed class RequestLimits(IOptions<WebOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    private static readonly TimeSpan SlowestHeaders = TimeSpan.FromSeconds(10);
    private int _requests;
    private int _viewers;

    /// <inheritdoc/>
    public void Configure(KestrelServerOptions server)
    {
        var limits = server.Limits;
        server.AddServerHeader = false;
        limits.MaxRequestBodySize = options.Value.MaxBodyBytes;
        limits.MaxRequestHeadersTotalSize = options.Value.MaxHeaderBytes;
        limits.MaxRequestLineSize = Math.Min(limits.MaxRequestLineSize, options.Value.MaxHeaderBytes);
        limits.MaxConcurrentConnections = options.Value.MaxConnections;
        limits.MaxConcurrentUpgradedConnections = options.Value.MaxViewers;
        limits.RequestHeadersTimeout = SlowestHeaders;
    }

    /// <summary>Answers 503 to one too many. A slow sender is not counted until all of it is there.</summary>
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (IsViewer(context.Request))
        {
            await PassAsync(context, next, ref _viewers, options.Value.MaxViewers, () => Interlocked.Decrement(ref _viewers)).ConfigureAwait(false);
            return;
        }

        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is true)
        {
            context.Request.EnableBuffering(bufferThreshold: options.Value.MaxBodyBytes);
            var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            using var left = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            try
            {
                await context.Request.Body.DrainAsync(left.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                context.Abort(); // A slow sender does not keep the app from its end.
                return;
            }

            context.Request.Body.Position = 0;
        }

        await PassAsync(context, next, ref _requests, options.Value.MaxRequests, () => Interlocked.Decrement(ref _requests)).ConfigureAwait(false);
    }

    private static Task PassAsync(HttpContext context, RequestDelegate next, ref int count, int most, Action leave)
    {
        if (Interlocked.Increment(ref count) <= most)
        {
            return AnswerAsync();
        }

        leave();
        context.Response.Headers.RetryAfter = "1";
        return context.WriteProblemAsync(
            StatusCodes.Status503ServiceUnavailable, $"Too much is asked at once: {most} at a time are answered. Try again in a moment.");

        async Task AnswerAsync()
        {
            try
            {
                await next(context).ConfigureAwait(false);
            }
            finally
            {
                leave();
            }
        }
    }

    private static bool IsViewer(HttpRequest request) =>
        request.Headers.ContainsKey(HeaderNames.Upgrade)
        || request.Path.Value!.EndsWith("/live", StringComparison.Ordinal)
        || request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.Ordinal);
}
