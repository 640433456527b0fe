namespace CodexSales.Rx.Ethereum.Calls;

/// <summary>Calls contracts as of one block: by its hash, or by its height where a node takes no hash.</summary>
/// <remarks>A node that does not know the block is behind, or the block was replaced: another block is never taken in
/// its place. By height, the message asks for the block's hash as well, so that a replaced block is noticed. Errors: an
/// unanswered question is a <see cref="MarketUnavailableException"/>. Threading: any thread.</remarks>
internal sealed class ContractCaller(IRpcTransport transport)
{
    private readonly NotTaken _hashes = new(transport);

    /// <summary>The one value that a call returns.</summary>
    public async Task<T> AskAsync<T>(
        ContractCall call, ReturnValue<T> read, BlockStamp? asOf, CancellationToken cancellationToken)
    {
        var answers = await AskAsync([call], asOf, cancellationToken).ConfigureAwait(false);
        return Read(call, answers is [var answer] ? answer : null, read);
    }

    /// <summary>Several calls as of one block (by default the newest), in one message where possible.</summary>
    public async Task<IReadOnlyList<CallAnswer>> AskAsync(
        IReadOnlyList<ContractCall> calls, BlockStamp? asOf, CancellationToken cancellationToken)
    {
        if (calls.Count == 0)
        {
            return [];
        }

        if (asOf is not { } block)
        {
            var newest = await transport.AskAsync(CallsAt(calls, BlockTag.Latest), cancellationToken)
                .ConfigureAwait(false);
            return Understand(calls, newest, "");
        }

        var when = $" as of block {block.Number}";
        var isByHash = block.Hash != default && !_hashes.IsLikely();
        if (isByHash)
        {
            var replies = await transport.AskAsync(CallsAt(calls, BlockTag.Of(block.Hash)), cancellationToken)
                .ConfigureAwait(false);
            if (!replies.OfType<RpcError>().Any(IsOfTheHash))
            {
                return Understand(calls, replies, when);
            }
        }

        var answers = await AskByHeightAsync(calls, block, when, cancellationToken).ConfigureAwait(false);
        if (isByHash)
        {
            _hashes.Learn();
        }

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

    private async Task<IReadOnlyList<CallAnswer>> AskByHeightAsync(
        IReadOnlyList<ContractCall> calls, BlockStamp block, string when, CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcRequest> questions = CallsAt(calls, BlockTag.At(block.Number));
        if (block.Hash == default)
        {
            return Understand(
                calls, await transport.AskAsync(questions, cancellationToken).ConfigureAwait(false), when);
        }

        var replies = await transport
            .AskAsync([.. questions, NodeQuestions.GetBlock(block.Number)], cancellationToken).ConfigureAwait(false);
        var answers = Understand(calls, replies, when);
        return replies[^1] is RpcResult result && BlockHeader.TryRead(result.Json.Span, out var stamp, out _)
            && stamp.Hash == block.Hash
                ? answers
                : throw new MarketUnavailableException(
                    $"Block {block.Number} is not {block.Hash} at the node: it is behind, or the block was replaced.");
    }

    private static bool IsOfTheHash(RpcError error) =>
        RevertData.FindError(error) is null && TransientErrors.IsOfTheParameters(error);

    private static RpcRequest[] CallsAt(IReadOnlyList<ContractCall> calls, BlockTag block) =>
        [.. calls.Select(call => NodeQuestions.Call(call, block))];

    private static List<CallAnswer> Understand(
        IReadOnlyList<ContractCall> calls, IReadOnlyList<RpcReply> replies, string when) =>
        [.. calls.Zip(replies, (call, reply) => Understand(call, reply, when))];

    private static CallAnswer Understand(ContractCall call, RpcReply reply, string when) => reply switch
    {
        RpcResult result when NodeAnswers.ReadBytes(result) is { } data => new CallReturned(data),
        RpcResult result when NodeAnswers.IsNull(result) => throw Unanswered(
            call, when, "the node does not know the block: it is behind, or the block was replaced."),
        RpcResult => throw Unanswered(call, when, "the node's answer is not \"0x\" and hexadecimal digits."),
        RpcError error when RevertData.FindError(error) is { } reverted => new CallReverted(reverted),
        RpcError error when TransientErrors.IsOfTheBlock(error) => throw Unanswered(
            call, when, $"the node is behind, or the block was replaced. It says \"{error.Message}\" ({error.Code})."),
        RpcError error => throw Unanswered(call, when, $"the node says \"{error.Message}\" ({error.Code})."),
        RpcNoAnswer none => throw Unanswered(call, when, none.Detail),
        _ => throw new System.Diagnostics.UnreachableException($"Unknown reply {reply}."),
    };

    private static MarketUnavailableException Unanswered(ContractCall call, string when, string why) =>
        new($"{call.Name} of {call.To} was not answered{when}: {why}");
}
