using CodexSales.Rx.Hosting;
using CodexSales.Rx.Ports.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CodexSales.Rx.Web.Operator;

/// <summary>Answers what goes wrong with problem details (RFC 9457): the asker's fault, or what is away for now.</summary>
internal sealed class OperatorErrors(ISalesHost host) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (host.Health.Pipeline is null)
        {
            return Away(host.Health.Sentence);
        }

        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (OperatorInputException wrong)
        {
            return TypedResults.Problem(
                wrong.Message, statusCode: wrong.Status, extensions: new Dictionary<string, object?> { ["field"] = wrong.Field });
        }
        catch (Exception away) when (away is SalesStoreException or MarketUnavailableException)
        {
            return Away(away.Message);
        }
        catch (ObjectDisposedException)
        {
            return Away("The host is stopping, or starts again: try again in a moment.");
        }
    }

    private static ProblemHttpResult Away(string sentence) => TypedResults.Problem(sentence, statusCode: StatusCodes.Status503ServiceUnavailable);
}
