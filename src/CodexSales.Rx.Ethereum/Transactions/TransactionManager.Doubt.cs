namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>Transactions whose nonce is used without a receipt, and nonces that nothing uses.</content>
internal sealed partial class TransactionManager
{
    // Without a receipt for so long a transaction is in doubt: balanced back ends lag behind one another.
    private const int BlocksOfDoubt = 12;
    private static readonly TimeSpan TimeOfDoubt = TimeSpan.FromMinutes(2);

    // When neither receipt nor user of a used nonce was found for so long, the contract decides.
    private static readonly TimeSpan LongAbsence = TimeSpan.FromMinutes(5);

    // A gap below our nonces is filled after so long.
    private const int BlocksOfGap = 2;
    private static readonly TimeSpan TimeOfGap = TimeSpan.FromSeconds(15);

    // A longer gap is not filled: each nonce costs gas and some blocks.
    private const ulong LongestGap = 4;

    // The lowest nonce that no block, mempool or transaction of ours has, while we have higher ones.
    private (ulong Nonce, Moment Since)? _gap;

    // A used nonce without a receipt is no outcome yet: the node may lag, or keep none. So blocks are searched for it.
    private async Task OnNonceConsumedAsync(Look look)
    {
        var open = look.Open;
        var since = open.NoteConsumed(Moment);
        var isUnnamed = open.Attempts[^1].Hash is null;
        if (open.UsedBy is null && (isUnnamed || Moment.Block > since.Block || IsLong(since)))
        {
            await SearchAsync(open, since).ConfigureAwait(false);
        }

        if (isUnnamed && open.UsedBy is { } hash)
        {
            SetHash(open, hash);
            _isPassWanted = 1;
        }
        else if (open.UsedBy is { } user && open.Attempts.All(attempt => attempt.Hash != user))
        {
            await SupersedeAsync(open, user).ConfigureAwait(false);
        }
        else if (IsLong(since))
        {
            open.Doubt(
                $"Nonce {open.Nonce} of {open.Purpose} is used, and the node shows no receipt of it.", _scheduler);
            if (open.UsedBy is null && look.IsUnknown)
            {
                await AskContractAsync(open, since).ConfigureAwait(false);
            }
        }
    }

    private bool IsLong(Moment since) => Moment.IsPast(since, BlocksOfDoubt, TimeOfDoubt);

    // A block from when it was sent until its nonce was seen to be used holds the transaction that used it.
    private async Task SearchAsync(OpenTransaction open, Moment since)
    {
        var from = open.SearchNext ?? (open.IsRestored
            ? since.Block - Math.Min(since.Block, NonceSearch.MostBlocks)
            : open.Since ?? since.Block);
        (open.UsedBy, open.SearchNext) = await _search
            .FindAsync(open.Nonce, from, Math.Min(Head, since.Block + BlocksOfDoubt), _isOver).ConfigureAwait(false);
    }

    // Another program uses the account. Only a reorganisation can let ours land: watched until the nonce is final.
    private async Task SupersedeAsync(OpenTransaction open, Bytes32 user)
    {
        if (!open.IsSuperseded)
        {
            open.IsSuperseded = true;
            var said = $"Another transaction of the account, {user}, used nonce {open.Nonce} of {open.Purpose}.";
            Tell(TransactionNoticeKind.Superseded, open, said);
            open.Conclude(TransactionReply.NotSent(said), _scheduler);
        }

        if (await IsUsedForGoodAsync(open).ConfigureAwait(false))
        {
            End(open, TransactionEndKind.Superseded);
        }
    }

    // Neither hash nor nonce leads to anything. The contract decides: a call that would succeed was not made.
    private async Task AskContractAsync(OpenTransaction open, Moment since)
    {
        if (_chain.Final is not { } final || _clock.Elapsed < since.At + LongAbsence
            || !await IsUsedForGoodAsync(open).ConfigureAwait(false))
        {
            return;
        }

        if (await TryCallAsync(open.Call, final).ConfigureAwait(false) is not { } answer)
        {
            return;
        }

        var lost = $"Nonce {open.Nonce} of {open.Purpose} is used, and by what can't be found.";
        var reply = answer is CallReverted { Error: var error }
            ? new TransactionReply(
                new TransactionRefused(
                    error.Refusal, $"{lost} As of block {final.Number} it would revert with {error.Text}."),
                Error: error)
            : TransactionReply.NotSent($"{lost} As of block {final.Number} the contract would still take it.");
        Tell(KindOf(reply), open, reply.Detail);
        open.Conclude(reply, _scheduler);
        End(open, TransactionEndKind.Superseded);
    }

    private async Task<bool> IsUsedForGoodAsync(OpenTransaction open) => _chain.Final is { } final
        && final.Number >= open.NonceConsumedAt?.Block
        && await _transport
            .AskAsync(NodeQuestions.GetTransactionCount(_sender.Account, BlockTag.At(final.Number)), _isOver)
            .ConfigureAwait(false) is RpcResult count
        && NodeAnswers.ReadNumber(count) > open.Nonce;

    // A mempool count that was too high once left a gap. A waiting wish takes the nonce; without one the gap is filled. A
    // transaction of that nonce in the mempool may be another program's, which gets longer.
    private void CheckNonceGap(ulong inBlocks, ulong? inPool)
    {
        var lowest = _open.Values.FirstOrDefault(open => open.Nonce >= inBlocks);
        var landed = _open.Values.LastOrDefault(open => open.Receipt is not null)?.Nonce;
        if (lowest is not { Receipt: null } || lowest.Nonce == inBlocks || landed >= inBlocks)
        {
            _gap = null;
            _waiting.RemoveAll(wish => wish.Purpose.Kind == TransactionKind.FillNonce);
            return;
        }

        _gap = _gap?.Nonce == inBlocks ? _gap : (inBlocks, Moment);
        var isLeftOut = inPool <= inBlocks
            ? Moment.IsPast(_gap.Value.Since, BlocksOfGap, TimeOfGap)
            : inPool is not null && Moment.IsPast(_gap.Value.Since, BlocksOfDoubt, LongAbsence);
        if (lowest.Nonce - inBlocks > LongestGap)
        {
            // The node may only lag behind the account.
            if (inPool <= inBlocks && IsLong(_gap.Value.Since))
            {
                GiveUpFrom(lowest.Nonce, inBlocks);
            }
        }
        else if (isLeftOut && !_waiting.Exists(wish => wish.Purpose.Kind == TransactionKind.FillNonce))
        {
            var nothing = new TransactionPurpose(TransactionKind.FillNonce, null, null, 0);
            Tell(TransactionNoticeKind.Trouble, nothing, inBlocks, null,
                $"Nothing uses nonce {inBlocks}, and {lowest.Purpose} waits for it with nonce {lowest.Nonce}:"
                + " it is used up.");
            var wish = Wish.Own(
                new TransactionIntent(nothing, new ContractCall(_sender.Account, _sender.Account, "transfer", [])),
                _clock.Elapsed + _options.PrepareDeadline);
            wish.Nonce = inBlocks;
            _waiting.Add(wish);
        }
    }

    // Nobody will fill so long a gap: whoever asks again gets a nonce in it.
    private void GiveUpFrom(ulong nonce, ulong next)
    {
        GiveBackFrom(nonce);
        foreach (var open in _open.Values.Where(open => open.Nonce >= nonce).ToList())
        {
            var said = $"Nothing uses the {nonce - next} nonces from {next} on, and {open.Purpose} waits for them with "
                + $"nonce {open.Nonce}: it is given up.";
            Tell(TransactionNoticeKind.NotSent, open, said);

            // The node keeps it, and may send it once they are used after all.
            open.Conclude(TransactionReply.InDoubt(said), _scheduler);
            End(open, TransactionEndKind.Rejected);
        }
    }
}
