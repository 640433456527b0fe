namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>The outcome of transactions in flight.</content>
internal sealed partial class TransactionManager
{
    // Above this depth a receipt is read again with each block; below only after a reorganisation, and when final.
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

    // Asks for each attempt's receipt; and, where the nonce is used without one, for the transaction itself.
    private static List<Look> AskForReceipts(OneMessage message, List<OpenTransaction> watched) =>
        [.. watched.Select(open => new Look(open, [.. open.Attempts
            .Where(attempt => attempt.Hash is not null)
            .Select(attempt => new Glance(
                attempt,
                message.Add(NodeQuestions.GetTransactionReceipt(attempt.Hash!.Value)),
                open.NonceConsumedAt is null
                    ? null
                    : message.Add(NodeQuestions.GetTransactionByHash(attempt.Hash!.Value))))]))];

    private bool IsFinal(ulong block) => _chain.Final?.Number >= block;

    // First the mined transactions, then the consequences for the others: drafts that replace them.
    private async Task<List<Draft>> WatchAsync(List<Look> looks, Counts counts, FeeQuote? quote)
    {
        if (looks.Count == 0)
        {
            return [];
        }

        await OnMinedAsync(MatchReceipts(looks)).ConfigureAwait(false);
        if (counts.InBlocks is not { } inBlocks)
        {
            return [];
        }

        var drafts = new List<Draft>();
        foreach (var look in looks.Where(look => look.IsNowhere))
        {
            if (await OnNotMinedAsync(look, inBlocks, quote).ConfigureAwait(false) is { } draft)
            {
                drafts.Add(draft);
            }
        }

        CheckNonceGap(inBlocks, counts.InPool);
        return [.. drafts.Where(draft => _open.ContainsKey(draft.Open.Nonce))];
    }

    private static List<Landing> MatchReceipts(List<Look> looks) =>
    [
        .. looks.SelectMany(look => look.Glances
            .Select(glance => (glance.Attempt, Receipt: TransactionReceipt.Read(glance.Receipt(), glance.Attempt)))
            .Where(seen => seen.Receipt is not null)
            .Select(seen => new Landing(look.Open, seen.Attempt, seen.Receipt!))
            .Take(1)),
    ];

    private async Task OnMinedAsync(List<Landing> landings)
    {
        landings.ForEach(landing => landing.Open.NoteNotConsumed());
        var moved = landings.Where(one => one.Open.Receipt?.BlockHash != one.Receipt.BlockHash).ToList();
        var stamps = await FindStampsAsync([.. moved.Select(one => one.Receipt.BlockHash)]).ConfigureAwait(false);
        moved.RemoveAll(one => stamps.GetValueOrDefault(one.Receipt.BlockHash)?.Number != one.Receipt.BlockNumber);
        var reverted = moved.FindAll(one => one is { Attempt.IsCancellation: false, Receipt.HasSucceeded: false });
        var reasons = await _replay.ExplainAsync(reverted.Select(one => (one.Attempt, one.Receipt)), _isOver)
            .ConfigureAwait(false);
        var reasonOf = reverted.Zip(reasons).ToDictionary(one => one.First, one => one.Second);
        foreach (var one in moved)
        {
            var block = stamps[one.Receipt.BlockHash]!.Value;
            one.Open.Receipt = one.Receipt;
            _chain.Find(block);
            Conclude(one, InterpretReceipt(one, block, reasonOf));
        }

        var known = landings.Where(one => one.Open.Receipt?.BlockHash == one.Receipt.BlockHash);
        foreach (var (open, attempt, receipt) in known)
        {
            open.IsDoubted = false;
            if (IsFinal(receipt.BlockNumber))
            {
                End(open, attempt.IsCancellation ? TransactionEndKind.Cancelled
                    : receipt.HasSucceeded ? TransactionEndKind.Landed
                    : TransactionEndKind.Reverted);
            }
        }
    }

    // Asks in one message for all blocks but the newest one, which was told.
    private async Task<Dictionary<Bytes32, BlockStamp?>> FindStampsAsync(HashSet<Bytes32> blocks)
    {
        var stamps = new Dictionary<Bytes32, BlockStamp?>();
        if (_chain.Head is { } head && blocks.Remove(head.Hash))
        {
            stamps[head.Hash] = head;
        }

        var message = new OneMessage(_transport);
        var asked = blocks.Select(hash => (hash, message.Add(NodeQuestions.GetBlockByHash(hash)))).ToList();
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

    private static TransactionReply InterpretReceipt(
        Landing landing, BlockStamp block, Dictionary<Landing, (ContractError? Error, string Reason)> reasons)
    {
        var open = landing.Open;
        if (landing.Attempt.IsCancellation)
        {
            var pointless = open.RevertReason ?? new BareRevert();
            return new TransactionReply(
                new TransactionRefused(
                    pointless.Refusal,
                    $"{open.Purpose} was cancelled: it would have reverted with {pointless.Text}."),
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
            attempt.IsCancellation ? TransactionNoticeKind.Cancelled
                : receipt.HasSucceeded ? TransactionNoticeKind.Landed
                : TransactionNoticeKind.Reverted,
            open.Purpose,
            open.Nonce,
            attempt.Hash,
            reply.Outcome is TransactionLanded ? $"{open.Purpose} is in block {receipt.BlockNumber}." : reply.Detail,
            receipt.SpentWei);
        open.Conclude(reply, _scheduler);
    }

    // In no block, as far as the node knows. If the node lags, the next pass puts that right.
    private async Task<Draft?> OnNotMinedAsync(Look look, ulong inBlocks, FeeQuote? quote)
    {
        var open = look.Open;
        if (open.Receipt is not null || (open.IsSuperseded && inBlocks <= open.Nonce))
        {
            Reopen(open);
        }

        if (inBlocks > open.Nonce)
        {
            await OnNonceConsumedAsync(look).ConfigureAwait(false);
            return null;
        }

        var isUnknown = inBlocks < open.Nonce
            || (open.Purpose.Kind == TransactionKind.SubmitProof && EndOf(open) is null);
        if (open.IsRecovered && isUnknown && !IsOver(open))
        {
            return null;
        }

        open.NoteNotConsumed();
        return await ResubmitAsync(open, isNext: inBlocks == open.Nonce, quote).ConfigureAwait(false);
    }

    private void Reopen(OpenTransaction open)
    {
        open.Reopen();
        Tell(TransactionNoticeKind.Reorganised, open, $"{open.Purpose} is no longer in a block.");

        // After "can't be mined" the same purpose may have been sent again under another nonce.
        if (_open.Values.Any(other => other != open && !other.IsConcluded && other.Purpose.IsSameAs(open.Purpose))
            && open.Purpose.Kind != TransactionKind.Approve)
        {
            open.RevertReason ??= new BareRevert();
        }
    }

    private static bool IsNothing(RpcReply reply) => reply is RpcResult result && NodeAnswers.IsNull(result);

    /// <summary>A transaction, and the questions about each attempt that may be in a block.</summary>
    private sealed record Look(OpenTransaction Open, IReadOnlyList<Glance> Glances)
    {
        /// <summary>Whether the node says that all attempts are in no block, or have no receipt.</summary>
        public bool IsNowhere => Glances.All(glance => IsNothing(glance.Receipt()));

        /// <summary>Whether the node says that it knows none of the attempts.</summary>
        public bool IsUnknown => Glances.All(glance => glance.Known is { } known && IsNothing(known()));
    }

    private sealed record Glance(TransactionAttempt Attempt, Func<RpcReply> Receipt, Func<RpcReply>? Known);

    private sealed record Landing(OpenTransaction Open, TransactionAttempt Attempt, TransactionReceipt Receipt);
}
