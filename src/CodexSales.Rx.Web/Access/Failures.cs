using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace CodexSales.Rx.Web.Access;

/// <summary>What is answered when something was thrown: never what or where. The log has that.</summary>
internal sealed class Failures : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        await (exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                httpContext.WriteProblemAsync(StatusCodes.Status413PayloadTooLarge, "The body is larger than is accepted here."),
            BadHttpRequestException bad => httpContext.WriteProblemAsync(bad.StatusCode, bad.Message),
            ObjectDisposedException => httpContext.WriteProblemAsync(
                StatusCodes.Status503ServiceUnavailable, "The host is stopping, or starts again: try again in a moment."),
            _ => httpContext.WriteProblemAsync(
                StatusCodes.Status500InternalServerError, "Something went wrong that should not have; the log of the host says what."),
        }).ConfigureAwait(false);
        return true;
    }
}
