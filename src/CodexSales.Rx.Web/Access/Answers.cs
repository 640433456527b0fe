using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace CodexSales.Rx.Web.Access;

/// <summary>How it is said that something can't be had: problem details (RFC 9457), and the bare sentence to Codex clients.</summary>
internal static class Answers
{
    /// <summary>What is said to a body that is no JSON, which is all that is taken here.</summary>
    public static string ExpectedJson(HttpRequest request) => string.IsNullOrEmpty(request.ContentType)
        ? "Content-Type is not given, but application/json is expected."
        : $"Content-Type: '{request.ContentType[..Math.Min(request.ContentType.Length, 100)]}' is given, but application/json is expected.";

    /// <summary>Writes the whole answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status code.</param>
    /// <param name="sentence">What was wrong, and what is expected.</param>
    public static async Task WriteProblemAsync(this HttpContext context, int status, string? sentence)
    {
        context.Response.StatusCode = status;
        sentence ??= status is StatusCodes.Status415UnsupportedMediaType ? ExpectedJson(context.Request) : $"{ReasonPhrases.GetReasonPhrase(status)}.";
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
