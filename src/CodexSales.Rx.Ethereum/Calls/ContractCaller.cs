using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Ethereum.Calls;

/// <summary>
/// Asks contracts as of the pending block; as of the newest one where the node has no pending block to ask about.
/// </summary>
/// <remarks>
/// Threading: any thread. A question that is not answered is a <see cref="MarketUnavailableException"/>.
/// </remarks>
internal sealed class ContractCaller(IRpcTransport transport)
{
    private volatile bool _hasNoPendingBlock;

    /// <summary>Asks, and reads the one value that is returned.</summary>
    public async Task<T> AskAsync<T>(ContractCall call, ReturnValue<T> read, CancellationToken cancellation) =>
        Read(call, await AskAsync([call], cancellation).ConfigureAwait(false) is [var answer] ? answer : null, read);

    /// <summary>Asks several questions as of one block, in one message where the transport can.</summary>
    public async Task<IReadOnlyList<CallAnswer>> AskAsync(
        IReadOnlyList<ContractCall> calls, CancellationToken cancellation)
    {
        if (calls.Count == 0)
        {
            return [];
        }

        if (!_hasNoPendingBlock)
        {
            var replies = await AskAtAsync(calls, NodeQuestions.Pending, cancellation).ConfigureAwait(false);
            if (replies.All(IsAnswer) || !replies.Any(IsAboutTheBlock))
            {
                return Understand(calls, replies);
            }
        }

        var answers = Understand(
            calls, await AskAtAsync(calls, NodeQuestions.Latest, cancellation).ConfigureAwait(false));
        _hasNoPendingBlock = true;
        return answers;
    }

    /// <summary>The value that a call returned.</summary>
    /// <exception cref="MarketUnavailableException">It reverted, or returned something else.</exception>
    public static T Read<T>(ContractCall call, CallAnswer? answer, ReturnValue<T> read)
    {
        if (answer is not CallReturned returned)
        {
            var reason = answer is CallReverted reverted ? reverted.Error.Text : "nothing";
            throw new MarketUnavailableException($"{call.Name} of {call.To} reverts with {reason}.");
        }

        var data = new ReturnData(returned.Data.Span);
        var value = read(ref data);
        return data.End() is not { } problem
            ? value
            : throw new MarketUnavailableException(returned.Data.IsEmpty
                ? $"{call.Name} of {call.To} returned nothing: that is no Marketplace contract."
                : $"{call.Name} of {call.To} returned what is not expected: {problem}");
    }

    private Task<IReadOnlyList<RpcReply>> AskAtAsync(
        IReadOnlyList<ContractCall> calls, string block, CancellationToken cancellation) =>
        transport.AskAsync([.. calls.Select(call => NodeQuestions.Call(call, block))], cancellation);

    private static List<CallAnswer> Understand(IReadOnlyList<ContractCall> calls, IReadOnlyList<RpcReply> replies) =>
        [.. calls.Zip(replies, Understand)];

    private static CallAnswer Understand(ContractCall call, RpcReply reply) => reply switch
    {
        RpcResult result when NodeAnswers.ReadBytes(result) is { } data => new CallReturned(data),
        RpcResult => throw new MarketUnavailableException(
            $"{call.Name} of {call.To} was not answered: the node's answer is not \"0x\" and hexadecimal digits."),
        RpcError error when RevertData.FindError(error) is { } reverted => new CallReverted(reverted),
        RpcError error => throw new MarketUnavailableException(
            $"{call.Name} of {call.To} was not answered: the node says \"{error.Message}\" ({error.Code})."),
        RpcNoAnswer none => throw new MarketUnavailableException(
            $"{call.Name} of {call.To} was not answered: {none.Detail}"),
        _ => throw new MarketUnavailableException($"{call.Name} of {call.To} was not answered."),
    };

    private static bool IsAnswer(RpcReply reply) => reply is RpcResult || IsRevert(reply);

    private static bool IsRevert(RpcReply reply) => reply is RpcError error && RevertData.FindError(error) is not null;

    // Which words a node finds for "I have no pending block" can't be listed. A node that is merely busy says so.
    private static bool IsAboutTheBlock(RpcReply reply) =>
        reply is RpcError error && !IsRevert(reply) && !NodeTrouble.IsPassing(error);
}
