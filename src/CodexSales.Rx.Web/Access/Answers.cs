using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace CodexSales.Rx.Web.Access;

/// <summary>How it is said that something can't be had: problem details (RFC 9457), and the bare sentence to Codex clients.</summary>
internal static class Answers
{
    /// <summary>Writes the whole answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status code.</param>
    /// <param name="sentence">What was wrong, and what is expected.</param>
    public static async Task WriteProblemAsync(this HttpContext context, int status, string? sentence)
    {
        context.Response.StatusCode = status;
        sentence ??= $"{ReasonPhrases.GetReasonPhrase(status)}.";
        if (context.Request.Path.StartsWithSegments(ApiPaths.Codex))
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(sentence).ConfigureAwait(false);
            return;
        }

        var problem = new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = { Status = status, Title = ReasonPhrases.GetReasonPhrase(status), Detail = sentence },
        };
        if (!await context.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(problem).ConfigureAwait(false))
        {
            // A client that wants something else, such as a live list, is told all the same.
            await context.Response.WriteAsJsonAsync(problem.ProblemDetails, options: null, "application/problem+json").ConfigureAwait(false);
        }
    }
}
