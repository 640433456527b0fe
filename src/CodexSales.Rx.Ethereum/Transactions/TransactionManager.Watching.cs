using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>What became of transactions that are in flight.</content>
internal sealed partial class TransactionManager
{
    // With how many blocks on its own a receipt is looked at again at each block. Then only when blocks were replaced,
    // and before it counts as final.
    private const ulong BlocksToWatch = 12;

    private List<OpenTransaction> ChooseWatched()
    {
        var replaced = _chain.TakeReplaced();
        foreach (var open in _open.Values)
        {
            open.IsDoubted |= open.Receipt?.BlockNumber >= replaced;
            open.Since ??= _chain.Head?.Number;
        }

        return [.. _open.Values.Where(IsToBeLookedAt)];
    }

    private bool IsToBeLookedAt(OpenTransaction open) => open.Wish is null
        && (open.IsDoubted
            || open.Receipt is not { BlockNumber: var block }
            || Head < block || Head - block < BlocksToWatch
            || IsFinal(block));

    // A receipt of each attempt that may be in a block; and of those whose nonce is used without one, whether the node
    // knows the transaction.
    private static List<Look> AskForReceipts(OneMessage message, List<OpenTransaction> watched) =>
        [.. watched.Select(open => new Look(open, [.. open.Attempts
            .Where(attempt => attempt.Hash is not null)
            .Select(attempt => new Glance(
                attempt,
                message.Add(NodeQuestions.GetTransactionReceipt(attempt.Hash!.Value)),
                open.NonceConsumedAt is null ? null : message.Add(NodeQuestions.GetTransactionByHash(attempt.Hash!.Value))))]))];

    private bool IsFinal(ulong block) => _chain.Final?.Number >= block;

    // What was seen of all of them, and then what follows for those that were not: who is to be sent in their place.
    private async Task<List<Draft>> WatchAsync(List<Look> looks, Counts counts, FeeQuote? quote)
    {
        if (looks.Count == 0)
        {
            return [];
        }

        var landed = looks.Select(look => (look.Open, Found: look.FindReceipt())).Where(look => look.Found is not null)
            .Select(look => new Landing(look.Open, look.Found!.Value.Attempt, look.Found!.Value.Receipt))
            .ToList();
        await FindAsync(landed).ConfigureAwait(false);
        if (counts.InBlocks is not { } inBlocks)
        {
            return [];
        }

        var drafts = new List<Draft>();
        foreach (var look in looks.Where(look => look.IsNowhere))
        {
            if (await LoseAsync(look, inBlocks, quote).ConfigureAwait(false) is { } draft)
            {
                drafts.Add(draft);
            }
        }

        NoticeHole(inBlocks, counts.InPool);
        return [.. drafts.Where(draft => _open.ContainsKey(draft.Open.Nonce))];
    }

    private async Task FindAsync(List<Landing> landings)
    {
        landings.ForEach(landing => landing.Open.StopMissing());
        var moved = landings.Where(one => one.Open.Receipt?.BlockHash != one.Receipt.BlockHash).ToList();
        var stamps = await FindStampsAsync(moved.Select(one => one.Receipt.BlockHash).ToHashSet()).ConfigureAwait(false);
        moved.RemoveAll(one => !stamps.TryGetValue(one.Receipt.BlockHash, out var block) || block.Number != one.Receipt.BlockNumber);
        var reasons = await ExplainAsync(moved).ConfigureAwait(false);
        foreach (var one in moved)
        {
            one.Open.Receipt = one.Receipt;
            _chain.Find(stamps[one.Receipt.BlockHash]);
            Conclude(one, Understand(one, stamps[one.Receipt.BlockHash], reasons));
        }

        var known = landings.Where(one => one.Open.Receipt?.BlockHash == one.Receipt.BlockHash);
        foreach (var (open, attempt, receipt) in known)
        {
            open.IsDoubted = false;
            if (IsFinal(receipt.BlockNumber))
            {
                End(open, attempt.IsCancellation ? TransactionEndKind.Withdrawn
                    : receipt.HasSucceeded ? TransactionEndKind.Landed
                    : TransactionEndKind.Reverted);
            }
        }
    }

    // One message for all blocks but the newest one, which was told.
    private async Task<Dictionary<Bytes32, BlockStamp>> FindStampsAsync(HashSet<Bytes32> blocks)
    {
        var stamps = new Dictionary<Bytes32, BlockStamp>();
        if (_chain.Head is { } head && blocks.Remove(head.Hash))
        {
            stamps[head.Hash] = head;
        }

        var message = new OneMessage(_transport);
        var asked = blocks.Select(hash => (Hash: hash, Reply: message.Add(NodeQuestions.GetBlockByHash(hash)))).ToList();
        await message.AskAsync(_isOver).ConfigureAwait(false);
        foreach (var (hash, reply) in asked)
        {
            if (reply() is RpcResult result && BlockHeader.TryRead(result.Json.Span, out var stamp, out _))
            {
                stamps[hash] = stamp with { Hash = hash };
            }
        }

        return stamps;
    }

    private async Task<Dictionary<Landing, (ContractError? Error, string Reason)>> ExplainAsync(List<Landing> landings)
    {
        var reasons = landings.Where(one => one is { Attempt.IsCancellation: false, Receipt.HasSucceeded: false })
            .ToDictionary(one => one, _ => ((ContractError?)null, "what was sent can't be read"));
        var readable = new List<(Landing Landing, UnsignedTransaction Sent)>();
        foreach (var one in reasons.Keys)
        {
            if (UnsignedTransaction.TryDecode(one.Attempt.Unsigned.AsSpan(), out var sent))
            {
                readable.Add((one, sent));
            }
        }

        var replayed = await _replay
            .ExplainAsync([.. readable.Select(one => (one.Sent, one.Landing.Receipt))], _isOver).ConfigureAwait(false);
        foreach (var (one, reason) in readable.Zip(replayed))
        {
            reasons[one.Landing] = reason;
        }

        return reasons;
    }

    private static TransactionReply Understand(
        Landing landing, BlockStamp block, Dictionary<Landing, (ContractError? Error, string Reason)> reasons)
    {
        var open = landing.Open;
        if (landing.Attempt.IsCancellation)
        {
            var pointless = open.RevertReason ?? new BareRevert();
            return new TransactionReply(
                new TransactionRefused(
                    pointless.Refusal,
                    $"{open.Purpose} was withdrawn: it would have reverted with {pointless.Text}."),
                Error: pointless);
        }

        if (!reasons.TryGetValue(landing, out var why))
        {
            return new TransactionReply(new TransactionLanded(block), landing.Receipt);
        }

        var detail = $"{open.Purpose} was reverted in block {block.Number}: {why.Reason}.";
        return why.Error is null
            ? TransactionReply.NotSent(detail) // No word of the contract against another try.
            : new TransactionReply(new TransactionRefused(why.Error.Refusal, detail, block), Error: why.Error);
    }

    private void Conclude(Landing landing, TransactionReply reply)
    {
        var (open, attempt, receipt) = landing;
        Tell(
            attempt.IsCancellation ? TransactionNoticeKind.Withdrawn
                : receipt.HasSucceeded ? TransactionNoticeKind.Landed
                : TransactionNoticeKind.Reverted,
            open.Purpose,
            open.Nonce,
            attempt.Hash,
            reply.Outcome switch
            {
                TransactionRefused refused => refused.Detail,
                TransactionNotSent nothing => nothing.Detail,
                _ => $"{open.Purpose} is in block {receipt.BlockNumber}.",
            },
            receipt.SpentWei);
        open.Conclude(reply, _scheduler);
    }

    // In no block, as far as the node knows. What a node says that lags is put right by the next pass.
    private async Task<Draft?> LoseAsync(Look look, ulong inBlocks, FeeQuote? quote)
    {
        var open = look.Open;
        if (open.Receipt is not null || (open.IsSuperseded && inBlocks <= open.Nonce))
        {
            Reopen(open);
        }

        if (inBlocks > open.Nonce)
        {
            await MissAsync(look).ConfigureAwait(false);
            return null;
        }

        var isUnknown = inBlocks < open.Nonce || (open.Purpose.Kind == TransactionKind.SubmitProof && EndOf(open) is null);
        if (open.IsRecovered && isUnknown && !IsOver(open))
        {
            return null;
        }

        open.StopMissing();
        return await PushAsync(open, isNext: inBlocks == open.Nonce, quote).ConfigureAwait(false);
    }

    private void Reopen(OpenTransaction open)
    {
        open.Reopen();
        Tell(TransactionNoticeKind.Reorganised, open, $"{open.Purpose} is no longer in a block.");

        // Who wanted it may have been told that it can't land, and have sent it again under another nonce.
        if (_open.Values.Any(other => other != open && !other.IsConcluded && other.Purpose.IsSameAs(open.Purpose))
            && open.Purpose.Kind != TransactionKind.Approve)
        {
            open.RevertReason ??= new BareRevert();
        }
    }

    private static bool IsNothing(RpcReply reply) => reply is RpcResult result && NodeAnswers.IsNull(result);

    /// <summary>A transaction, and what was asked about each attempt that may be in a block.</summary>
    private sealed record Look(OpenTransaction Open, IReadOnlyList<Glance> Glances)
    {
        /// <summary>Whether the node says of all that they are in no block, or have no receipt.</summary>
        public bool IsNowhere => Glances.All(glance => IsNothing(glance.Receipt()));

        /// <summary>Whether the node says of all that it does not know them.</summary>
        public bool IsUnknown => Glances.All(glance => glance.Known is { } known && IsNothing(known()));

        public (TransactionAttempt Attempt, TransactionReceipt Receipt)? FindReceipt() => Glances
            .Select(glance => (glance.Attempt, Receipt: TransactionReceipt.Read(glance.Receipt(), glance.Attempt)))
            .Where(seen => seen.Receipt is not null)
            .Select(seen => ((TransactionAttempt, TransactionReceipt)?)(seen.Attempt, seen.Receipt!))
            .FirstOrDefault();
    }

    private sealed record Glance(TransactionAttempt Attempt, Func<RpcReply> Receipt, Func<RpcReply>? Known);

    private sealed record Landing(OpenTransaction Open, TransactionAttempt Attempt, TransactionReceipt Receipt);
}
