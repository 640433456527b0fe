using System.Net;

namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Tells from the replies to one message that it had too many questions for the node.</summary>
/// <remarks>Nodes say so under the id of the first question and leave the others without an answer, under each id,
/// without an id, or by an HTTP status without any JSON.</remarks>
internal static partial class BatchRefusal
{
    /// <summary>The places of the questions that were refused because the message was too large.</summary>
    public static int[] Find(IReadOnlyList<RpcReply> replies) => replies.Count < 2 ? []
        : IsWhole(replies) ? [.. Enumerable.Range(0, replies.Count)]
        : replies.Any(IsSaid)
            ? [.. Enumerable.Range(0, replies.Count).Where(i => replies[i] is RpcNoAnswer || IsSaid(replies[i]))]
            : [];

    /// <summary>Whether an error says that there were too many questions.</summary>
    public static bool IsSaid(RpcReply reply) =>
        reply is RpcError error && Words().IsMatch(error.Message) && !Reverts().IsMatch(error.Message);

    // One error in place of all answers (by a status, or without an id) names no question.
    private static bool IsWhole(IReadOnlyList<RpcReply> replies) =>
        replies[0] is RpcError whole
        && replies.All(reply => ReferenceEquals(reply, whole))
        && whole.Code is not ((int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden
            or (int)HttpStatusCode.NotFound)
        && (IsSaid(whole) || !RateLimit.IsMeant(whole.Code, whole.Message));

    [GeneratedRegex(
        @"\bbatch|too many (calls|queries|requests) in|content.length|entity too large"
        + "|(request|payload|body|content|message)( size)?( is)? too (large|big|long)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex("revert", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reverts();
}
