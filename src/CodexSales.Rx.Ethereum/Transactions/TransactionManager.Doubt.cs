using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>What is done where a nonce is used and no receipt shows by what, and where one is not used at all.</content>
internal sealed partial class TransactionManager
{
    // A receipt that is missing for so long leaves who waits in doubt: balanced back ends lag behind one another.
    private const int BlocksOfDoubt = 12;
    private static readonly TimeSpan TimeOfDoubt = TimeSpan.FromMinutes(2);

    // For how long nothing of a nonce that is used must be known anywhere until the contract is asked what it has of it.
    private static readonly TimeSpan LongAbsence = TimeSpan.FromMinutes(5);

    // How long nothing must use a nonce below others until it is used up.
    private const int BlocksOfHole = 2;
    private static readonly TimeSpan TimeOfHole = TimeSpan.FromSeconds(15);

    // So many nonces in a row are used up for what waits above them: each costs gas and some blocks.
    private const ulong MostUsedUp = 4;

    // The lowest nonce that neither a block nor the node's pool nor this manager has, though it has higher ones.
    private (ulong Nonce, Moment Since)? _hole;

    // Its nonce is used, and the node shows no receipt of anything that we sent under it. That is no answer yet: it may
    // lag, or have lost its answer, or keep no receipts. So it is looked for in the blocks.
    private async Task MissAsync(Look look)
    {
        var open = look.Open;
        var since = open.Miss(Moment);
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
            open.Doubt($"Nonce {open.Nonce} of {open.Purpose} is used, and the node shows no receipt of it.", _scheduler);
            if (open.UsedBy is null && look.IsUnknown)
            {
                await AskContractAsync(open, since).ConfigureAwait(false);
            }
        }
    }

    private bool IsLong(Moment since) => Moment.IsPast(since, BlocksOfDoubt, TimeOfDoubt);

    // Which transaction used the nonce stands in a block from when it was sent until its nonce was seen to be used.
    private async Task SearchAsync(OpenTransaction open, Moment since)
    {
        var from = open.SearchNext ?? (open.IsRestored
            ? since.Block - Math.Min(since.Block, NonceSearch.MostBlocks)
            : open.Since ?? since.Block);
        (open.UsedBy, open.SearchNext) = await _search
            .FindAsync(open.Nonce, from, Math.Min(Head, since.Block + BlocksOfDoubt), _isOver).ConfigureAwait(false);
    }

    // Another program uses the account. Nothing of ours can land unless blocks are replaced: until the nonce is used in one
    // that stays, it is watched.
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

    // Neither by its hash nor by its nonce is anything to be found. What the contract says then decides: what it would still
    // do it has not done.
    private async Task AskContractAsync(OpenTransaction open, Moment since)
    {
        if (_chain.Final is not { } final || _clock.Elapsed < since.At + LongAbsence
            || !await IsUsedForGoodAsync(open).ConfigureAwait(false))
        {
            return;
        }

        TransactionReply reply;
        try
        {
            var answers = await _caller.AskAsync([open.Call], final, _isOver).ConfigureAwait(false);
            var lost = $"Nonce {open.Nonce} of {open.Purpose} is used, and by what can't be found.";
            reply = answers[0] is CallReverted { Error: var error }
                ? new TransactionReply(
                    new TransactionRefused(
                        error.Refusal, $"{lost} As of block {final.Number} it would revert with {error.Text}."),
                    Error: error)
                : TransactionReply.NotSent($"{lost} As of block {final.Number} the contract would still take it.");
        }
        catch (MarketUnavailableException)
        {
            return;
        }

        Tell(
            reply.Outcome is TransactionRefused ? TransactionNoticeKind.Refused : TransactionNoticeKind.NotSent,
            open,
            reply.Outcome switch
            {
                TransactionRefused refused => refused.Detail,
                TransactionNotSent unsent => unsent.Detail,
                _ => "",
            });
        open.Conclude(reply, _scheduler);
        End(open, TransactionEndKind.Superseded);
    }

    private async Task<bool> IsUsedForGoodAsync(OpenTransaction open) => _chain.Final is { } final
        && final.Number >= open.NonceConsumedAt?.Block
        && await _transport
            .AskAsync(NodeQuestions.GetTransactionCount(_sender.Account, BlockTag.At(final.Number)), _isOver)
            .ConfigureAwait(false) is Rpc.RpcResult count
        && NodeAnswers.ReadNumber(count) > open.Nonce;

    // A count of the pool that was too high once left a nonce out. What waits takes it; where nothing does, it is used up.
    // Where the pool has something, that may be another program's: it has longer.
    private void NoticeHole(ulong inBlocks, ulong? inPool)
    {
        var lowest = _open.Values.FirstOrDefault(open => open.Nonce >= inBlocks);
        var landed = _open.Values.LastOrDefault(open => open.Receipt is not null)?.Nonce;
        if (lowest is not { Receipt: null } || lowest.Nonce == inBlocks || landed >= inBlocks)
        {
            _hole = null;
            _waiting.RemoveAll(wish => wish.Purpose.Kind == TransactionKind.FillNonce);
            return;
        }

        _hole = _hole?.Nonce == inBlocks ? _hole : (inBlocks, Moment);
        var isLeftOut = inPool <= inBlocks
            ? Moment.IsPast(_hole.Value.Since, BlocksOfHole, TimeOfHole)
            : inPool is not null && Moment.IsPast(_hole.Value.Since, BlocksOfDoubt, LongAbsence);
        if (lowest.Nonce - inBlocks > MostUsedUp)
        {
            // It may be the node that lags behind the account: that passes.
            if (inPool <= inBlocks && IsLong(_hole.Value.Since))
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

    // Nobody will use all the nonces before them: whoever asks again gets the next one.
    private void GiveUpFrom(ulong nonce, ulong next)
    {
        GiveBackFrom(nonce);
        foreach (var open in _open.Values.Where(open => open.Nonce >= nonce).ToList())
        {
            var said = $"Nothing uses the {nonce - next} nonces from {next} on, and {open.Purpose} waits for them with nonce "
                + $"{open.Nonce}: it is given up.";
            Tell(TransactionNoticeKind.NotSent, open, said);
            open.Conclude(TransactionReply.InDoubt(said), _scheduler); // The node keeps it, and may send it once they are used after all.
            End(open, TransactionEndKind.Rejected);
        }
    }
}
