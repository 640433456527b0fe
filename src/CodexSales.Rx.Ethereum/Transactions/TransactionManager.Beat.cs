namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>A beat: one message to the node, and the consequences of its answers.</content>
internal sealed partial class TransactionManager
{
    // False when there is nothing to do for now.
    private async Task<bool> BeatAsync()
    {
        if (await LoadAsync().ConfigureAwait(false) is { } unreadable)
        {
            _lookedAt = _clock.Elapsed;
            TakeInbox();
            ChooseWishes().ForEach(wish => Postpone(wish, unreadable));
            return false;
        }

        TakeInbox();
        GiveBackLateNonces();
        var message = new OneMessage(_transport);
        var sends = _open.Values.Where(open => open.IsToBeSent).Select(open => new Send(open, AskToSend(message, open)))
            .ToList();
        var watched = TakePass() ? ChooseWatched() : [];
        var wishes = ChooseWishes();
        var counts = AskForCounts(
            message,
            isOfBlocks: watched.Count > 0,
            isOfPool: wishes.Count > 0 || (watched.Count > 0 && _gap is not null));
        var looks = AskForReceipts(message, watched);
        var estimates = AskForEstimates(message, wishes);
        var isPriceWanted = wishes.Count > 0 || watched.Exists(open => open.Receipt is null);
        var prices = isPriceWanted && _fees.Known(Head) is null
            ? _fees.Questions().Select(question => message.Add(question)).ToList()
            : [];
        if (message.IsEmpty)
        {
            await NoteAsync([]).ConfigureAwait(false);
            return false;
        }

        var head = Head;
        await message.AskAsync(_isOver).ConfigureAwait(false);
        var (quote, problem) = _fees.Known(head) is { } known ? (known, "")
            : prices.Count == 0 ? (null, "")
            : await _fees.ReadAsync(head, [.. prices.Select(price => price())], _isOver).ConfigureAwait(false);
        var drafts = new List<Draft>();
        await OnAnswersAsync(sends).ConfigureAwait(false);
        drafts.AddRange(await WatchAsync(looks, counts, quote).ConfigureAwait(false));
        drafts.AddRange(await PrepareAsync(wishes, estimates, counts, quote, problem).ConfigureAwait(false));
        await NoteAsync(await SignAsync(drafts).ConfigureAwait(false)).ConfigureAwait(false);
        return true;
    }

    // A wish for a purpose in flight joins that transaction, whose next replacement has the arguments of the wish.
    private void TakeInbox()
    {
        lock (_inboxGate)
        {
            _waiting.AddRange(_inbox);
            _inbox.Clear();
        }

        _waiting.RemoveAll(wish => wish.IsGivenUp
            || (wish is { IsOwn: true, Purpose.Kind: TransactionKind.Approve } && !IsFillWanted()));
        foreach (var wish in _waiting.ToList())
        {
            if (Find(wish.Purpose) is { Wish: null } open)
            {
                (open.Call, open.Until) = (wish.Intent.Call, wish.Intent.Until);
                _isPassWanted = 1;
                Complete(wish, new Wish.Step(open, HasJoined: true));
            }
            else if (IsTooLate(wish.Intent) && !_isSettling)
            {
                Complete(wish, TransactionReply.TooLate(wish.Purpose));
            }
            else if (_clock.Elapsed >= wish.Deadline && !_isSettling)
            {
                GiveUp(wish, wish.Problem.Length > 0
                    ? wish.Problem
                    : $"{_options.MostInFlight} transactions are in flight, and no block takes them.");
            }
        }
    }

    private bool IsFillWanted() => _waiting.Exists(wish => wish.Purpose.Kind == TransactionKind.FillSlot)
        || _open.Values.Any(open => open.Purpose.Kind == TransactionKind.FillSlot && !open.IsConcluded);

    private OpenTransaction? Find(TransactionPurpose purpose) => purpose.Kind == TransactionKind.Approve
        ? null
        : _open.Values.FirstOrDefault(open => open.Purpose.IsSameAs(purpose) && !open.IsConcluded);

    private bool TakePass()
    {
        var isWanted = Interlocked.Exchange(ref _isPassWanted, 0) != 0
            || _clock.Elapsed >= _lookedAt + _options.WatchInterval;
        _lookedAt = isWanted ? _clock.Elapsed : _lookedAt;
        return isWanted;
    }

    // The most urgent first; each purpose once; no more than may be in flight, but for proofs.
    private List<Wish> ChooseWishes()
    {
        var now = _clock.Elapsed;
        var room = _options.MostInFlight
            - _open.Values.Count(open => open.Receipt is null && open.Purpose.Kind != TransactionKind.SubmitProof);
        var chosen = new List<Wish>();
        var purposes = new HashSet<(TransactionKind, SlotKey?, ulong?)>();
        foreach (var wish in _waiting.Where(one => one.NotBefore <= now && !_isSettling).OrderBy(one => one.Urgency))
        {
            var (isProof, isApproval) = (
                wish.Purpose.Kind == TransactionKind.SubmitProof, wish.Purpose.Kind == TransactionKind.Approve);
            if ((isProof || room > 0) && Find(wish.Purpose) is null
                && (purposes.Add((wish.Purpose.Kind, wish.Purpose.Slot, wish.Purpose.Period)) || isApproval))
            {
                chosen.Add(wish);
                room -= isProof ? 0 : 1;
            }
        }

        return chosen;
    }

    private Counts AskForCounts(OneMessage message, bool isOfBlocks, bool isOfPool) => new(
        isOfBlocks || isOfPool
            ? message.Add(NodeQuestions.GetTransactionCount(_sender.Account, BlockTag.Latest))
            : null,
        isOfPool ? message.Add(NodeQuestions.GetTransactionCount(_sender.Account, BlockTag.Pending)) : null);

    private void Complete(Wish wish, TransactionReply reply)
    {
        Tell(KindOf(reply), wish.Purpose, null, null, reply.Detail);
        Complete(wish, new Wish.Step(null, reply));
    }

    private void GiveUp(Wish wish, string problem) =>
        Complete(wish, TransactionReply.NotSent($"{wish.Purpose} was not sent. {problem}"));

    private static TransactionNoticeKind KindOf(TransactionReply reply) =>
        reply.Outcome is TransactionRefused ? TransactionNoticeKind.Refused : TransactionNoticeKind.NotSent;

    // On the scheduler: the continuation of whoever waits is not a part of this beat.
    private void Complete(Wish wish, Wish.Step step)
    {
        _waiting.Remove(wish);
        _scheduler.Schedule(() => wish.Complete(step));
    }

    private void Postpone(Wish wish, string problem)
    {
        if (!wish.Postpone(problem, _clock.Elapsed))
        {
            GiveUp(wish, problem);
        }
    }

    private bool IsTooLate(TransactionIntent intent) =>
        intent.Until < _chain.Next || intent.UntilBlock <= _chain.Head?.Number;

    /// <summary>The account's transactions in blocks, and with those in the mempool, if the node says so.</summary>
    private readonly record struct Counts(Func<RpcReply>? OfBlocks, Func<RpcReply>? OfPool)
    {
        public ulong? InBlocks => Read(OfBlocks);

        public ulong? InPool => Read(OfPool);

        private static ulong? Read(Func<RpcReply>? count) =>
            count?.Invoke() is RpcResult result ? NodeAnswers.ReadNumber(result) : null;
    }

    private readonly record struct Send(OpenTransaction Open, Func<RpcReply> Reply);
}
