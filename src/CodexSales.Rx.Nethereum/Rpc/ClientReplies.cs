using System.Net;
using CodexSales.Rx.Ethereum.Rpc;
using Nethereum.JsonRpc.Client;
using Nethereum.JsonRpc.Client.RpcMessages;
using RpcError = CodexSales.Rx.Ethereum.Rpc.RpcError;

namespace CodexSales.Rx.Nethereum.Rpc;

/// <summary>What a client of Nethereum answers or throws, as a reply.</summary>
internal static class ClientReplies
{
    private const int InvalidRequest = -32600;

    /// <summary>The reply in an answer to the question of an id. Null is a result, too.</summary>
    public static RpcReply Of(RpcResponseMessage? answer, string id, RpcEndpoint endpoint) => answer switch
    {
        // A client that has given up an answer may take it for that to the next question.
        null => new RpcNoAnswer("There is no answer to the question.", MayHaveArrived: true),
        _ when answer.Id is { } said && said.ToString() != id =>
            new RpcNoAnswer("The client gave the answer to another question.", MayHaveArrived: true),
        { Error: { } error } => ErrorOf(error.Code, error.Message, error.Data, endpoint),
        _ => new RpcResult(PlainJson.Write(answer.Result)),
    };

    /// <summary>The reply that an exception of a client stands for: clients throw for reasons of the world.</summary>
    public static RpcReply Of(Exception thrown, RpcEndpoint endpoint)
    {
        var causes = CausesOf(thrown).ToList();
        return thrown is NotSupportedException or NotImplementedException
                ? new RpcError(InvalidRequest, "batches are not supported by the client", default)
            : causes.OfType<RpcResponseException>().FirstOrDefault()?.RpcError is { } error
                ? ErrorOf(error.Code, error.Message, error.Data, endpoint)
            : causes.OfType<HttpRequestException>().FirstOrDefault() is { StatusCode: { } status } && IsRefusal(status)
                ? new RpcError((int)status, $"HTTP status {(int)status}: {status}", default)
            : new RpcNoAnswer(
                $"There is no answer from {endpoint}: {endpoint.Scrub(causes[^1].Message)}", !causes.Exists(IsBeforeSending));
    }

    private static RpcError ErrorOf(int code, string? message, object? data, RpcEndpoint endpoint) => new(
        code, endpoint.Scrub(message ?? ""), data is null ? default : endpoint.Scrub(PlainJson.Write(data)));

    private static IEnumerable<Exception> CausesOf(Exception thrown)
    {
        for (var cause = thrown; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    // As of a gateway's own status nobody knows what became of the question.
    private static bool IsRefusal(HttpStatusCode status) =>
        status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.RequestTimeout;

    private static bool IsBeforeSending(Exception cause) => cause is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError,
    };
}
