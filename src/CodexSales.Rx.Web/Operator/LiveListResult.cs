using System.Net.ServerSentEvents;
using System.Text.Json;
using CodexSales.Rx.Web.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Web.Operator;

/// <summary>Writes server-sent events as they come, and a comment where none has come for a while: proxies cut off what is silent.</summary>
/// <param name="events">The events, until the reader has left or the app stops.</param>
internal sealed class LiveListResult<TRow>(IAsyncEnumerable<SseItem<LiveEvent<TRow>>> events) : IResult
{
    /// <summary>How long a list may be silent. Proxies wait for half a minute or longer.</summary>
    public static readonly TimeSpan KeepAliveAfter = TimeSpan.FromSeconds(15);

    private static readonly ReadOnlyMemory<byte> _comment = ": nothing has changed\n\n"u8.ToArray();

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, services) = (httpContext.Response, httpContext.RequestServices);
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // Of nginx, which would collect events until there are some kilobytes of them.
        httpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        using var left = httpContext.UntilLeft();
        try
        {
            var form = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            await WriteAsync(response.Body, form, services.GetRequiredService<TimeProvider>(), left).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // The list ends here, as one of a pipeline that has ended: browsers connect again by themselves.
        }
    }

    private async Task WriteAsync(Stream body, JsonSerializerOptions form, TimeProvider clock, CancellationTokenSource left)
    {
        var each = events.GetAsyncEnumerator(left.Token);
        await using var ended = each.ConfigureAwait(false);
        while (true)
        {
            var next = each.MoveNextAsync().AsTask();
            try
            {
                while (!await IsThereAsync(next, clock).ConfigureAwait(false))
                {
                    await body.WriteAsync(_comment, left.Token).ConfigureAwait(false);
                }
            }
            catch
            {
                // What is still asked for its next one can't be disposed of.
                await left.CancelAsync().ConfigureAwait(false);
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }

            if (!await next.ConfigureAwait(false))
            {
                return;
            }

            await SseFormatter.WriteAsync(
                new[] { each.Current }.ToAsyncEnumerable(), body, (item, buffer) => Write(item.Data, buffer, form), left.Token).ConfigureAwait(false);
        }
    }

    private static void Write(LiveEvent<TRow> data, System.Buffers.IBufferWriter<byte> buffer, JsonSerializerOptions form)
    {
        using var json = new Utf8JsonWriter(buffer);
        JsonSerializer.Serialize(json, data, form);
    }

    private static async Task<bool> IsThereAsync(Task next, TimeProvider clock)
    {
        await next.WaitAsync(KeepAliveAfter, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return next.IsCompleted;
    }
}
