using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CodexSales.Rx.Web.Access;

/// <summary>Whoever is being answered, for as long as that takes.</summary>
internal static class Reader
{
    /// <summary>Ends when the reader has left, or the app stops: one that stays, or sends slowly, would keep the app from its end.</summary>
    /// <remarks>To be disposed of by the caller, once nothing waits for it any more.</remarks>
    public static CancellationTokenSource UntilLeft(this HttpContext context) => CancellationTokenSource.CreateLinkedTokenSource(
        context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
}
