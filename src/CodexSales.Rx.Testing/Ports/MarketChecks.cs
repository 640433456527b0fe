namespace CodexSales.Rx.Testing.Ports;

internal sealed partial class MarketChecks : IDisposable
{
    private const int Blocks = 3;

    private static readonly Bytes32 NoHash = new([.. Enumerable.Repeat((byte)0xEE, Bytes32.Size)]);

    private readonly PortCheck _check;
    private readonly IMarket _market;
    private readonly SlotKey _slot;
    private Watched<BlockStamp>? _heads;
    private Watched<BlockStamp>? _finals;
    private Watched<MarketEvent>? _events;

    public MarketChecks(PortCheck check, IMarket market, SlotKey slot) => (_check, _market, _slot) = (check, market, slot);

    public async Task RunAsync(Func<SlotView, Task<Groth16Proof>>? prove)
    {
        await PortCheck.StepAsync(() => WatchAsync(prove)).ConfigureAwait(false);
        Dispose();
        CheckHeads();
        CheckFinals();
        CheckEvents();
    }

    public void Dispose()
    {
        _finals?.Dispose();
        _events?.Dispose();
        _heads?.Dispose();
    }

    private BlockStamp Head => _heads!.Values[^1];

    private IReadOnlyList<BlockStamp> Told => _heads?.Values ?? [];

    private bool IsReorganised => Told.Zip(Told.Skip(1)).Any(pair => pair.Second.Number < pair.First.Number);

    private async Task WatchAsync(Func<SlotView, Task<Groth16Proof>>? prove)
    {
        _heads = new Watched<BlockStamp>(_check, nameof(IMarket.Heads), () => _market.Heads);
        _finals = new Watched<BlockStamp>(_check, nameof(IMarket.FinalHeads), () => _market.FinalHeads);
        _events = new Watched<MarketEvent>(_check, nameof(IMarket.Events), () => _market.Events);
        if (!await _check.UntilAsync(() => Told.Count > 0 || _heads.IsOver).ConfigureAwait(false) || Told.Count == 0)
        {
            throw _check.Fail(PortRule.TellsHeads, nameof(IMarket.Heads), $"no block is told within {_check.Patience}");
        }

        await PortCheck.StepAsync(AskAsync).ConfigureAwait(false);
        await PortCheck.StepAsync(AskOfUnknownAsync).ConfigureAwait(false);
        await PortCheck.StepAsync(CancelAsync).ConfigureAwait(false);
        if (prove is not null)
        {
            await PortCheck.StepAsync(() => SellAsync(prove)).ConfigureAwait(false);
        }

        var (heads, told) = (Told.Count, ToldOfBlocks().Count);
        _check.Expect(
            await _check.UntilAsync(() => Told.Count >= heads + Blocks).ConfigureAwait(false),
            PortRule.TellsHeads,
            nameof(IMarket.Heads),
            $"only {Told.Count - heads} more blocks are told within {_check.Patience}");
        _check.Expect(
            await _check.UntilAsync(() => ToldOfBlocks().Count >= told + Blocks).ConfigureAwait(false),
            PortRule.TellsOfEachBlock,
            nameof(IMarket.Events),
            $"the events of only {ToldOfBlocks().Count - told} more blocks are told within {_check.Patience}");
    }

    private List<BlockTold> ToldOfBlocks() => [.. _events!.Values.OfType<BlockTold>()];

    private async Task AskAsync()
    {
        await AskAsync(nameof(IMarket.GetRulesAsync), (_, ct) => _market.GetRulesAsync(ct)).ConfigureAwait(false);
        var view = await ViewAsync().ConfigureAwait(false);
        var offer = await AskAsync($"GetOfferAsync({_slot})", (asOf, ct) => _market.GetOfferAsync(_slot, asOf, ct))
            .ConfigureAwait(false);
        if (offer.Answer.View is null)
        {
            throw _check.Fail(PortRule.GivesAnAnswer, $"GetOfferAsync({_slot})", "the view is null");
        }

        ExpectAsOf($"GetOfferAsync({_slot})", offer.Answer.View, offer.AsOf);
        var again = await AskAsync($"GetSlotAsync({_slot})", (_, ct) => _market.GetSlotAsync(_slot, view.AsOf, ct))
            .ConfigureAwait(false);
        _check.Expect(
            again.Answer == view,
            PortRule.AnswersAlike,
            $"GetSlotAsync({_slot})",
            $"as of block {view.AsOf.Number} it is first {view}, and then {again.Answer}");
        var mine = await MineAsync(Head).ConfigureAwait(false);
        var none = await AskAsync(
            nameof(IMarket.GetHostedSlotsAsync), (asOf, ct) => _market.GetHostedSlotsAsync([], asOf, ct)).ConfigureAwait(false);
        _check.Expect(
            none.Answer.Count == 0, PortRule.ListsItsSlots, nameof(IMarket.GetHostedSlotsAsync), "of no slots it tells some");
        _check.Expect(
            mine.Distinct().Count() == mine.Count, PortRule.ListsItsSlots, nameof(IMarket.GetMySlotsAsync), "a slot is listed twice");
    }

    private async Task AskOfUnknownAsync()
    {
        var unknown = new BlockStamp(Head.Number + 1_000_000, Head.Time) { Hash = NoHash };
        var call = $"GetSlotAsync({_slot}) as of a block that is not there";
        var answer = await _check.TryAsync(call, ct => _market.GetSlotAsync(_slot, unknown, ct)).ConfigureAwait(false);
        _check.Expect(
            !answer.IsCompletedSuccessfully,
            PortRule.AnswersOfNoOtherBlock,
            call,
            "it is answered all the same");
        _check.Expect(
            answer.IsCompletedSuccessfully || answer.Exception?.InnerException is MarketUnavailableException,
            PortRule.SaysThatItIsUnavailable,
            call,
            $"it fails with {PortCheck.ErrorOf(answer)}");
    }

    private async Task CancelAsync()
    {
        await _check.CancelAsync($"GetSlotAsync({_slot})", ct => _market.GetSlotAsync(_slot, Head, ct)).ConfigureAwait(false);
        await _check.CancelAsync($"GetOfferAsync({_slot})", ct => _market.GetOfferAsync(_slot, Head, ct)).ConfigureAwait(false);
        await _check.CancelAsync(nameof(IMarket.GetMySlotsAsync), ct => _market.GetMySlotsAsync(Head, ct)).ConfigureAwait(false);
    }

    private async Task<SlotView> ViewAsync()
    {
        var call = $"GetSlotAsync({_slot})";
        var (view, asOf) = await AskAsync(call, (block, ct) => _market.GetSlotAsync(_slot, block, ct)).ConfigureAwait(false);
        ExpectAsOf(call, view, asOf);
        return view;
    }

    private async Task<IReadOnlyList<SlotId>> MineAsync(BlockStamp from) => (await AskAsync(
        nameof(IMarket.GetMySlotsAsync), (asOf, ct) => _market.GetMySlotsAsync(asOf, ct), from).ConfigureAwait(false)).Answer;

    private void ExpectAsOf(string call, SlotView view, BlockStamp asOf) => _check.Expect(
        view.AsOf == asOf,
        PortRule.AnswersAsOfTheBlock,
        call,
        $"it is as of block {view.AsOf.Number}, and was asked as of block {asOf.Number}");

    // A node may be behind for a while: then the newest block is asked about.
    private async Task<(T Answer, BlockStamp AsOf)> AskAsync<T>(
        string call, Func<BlockStamp, CancellationToken, Task<T>> question, BlockStamp? from = null)
    {
        var unavailable = 0;
        while (true)
        {
            var asOf = unavailable == 0 && from is { } first ? first : Head;
            var answer = await _check.TryAsync(call, ct => question(asOf, ct)).ConfigureAwait(false);
            if (answer.IsCompletedSuccessfully)
            {
                var value = await answer.ConfigureAwait(false);
                return (value ?? throw _check.Fail(PortRule.GivesAnAnswer, call, "the answer is null"), asOf);
            }

            if (answer.Exception?.InnerException is not MarketUnavailableException)
            {
                throw _check.Fail(PortRule.SaysThatItIsUnavailable, call, $"it fails with {PortCheck.ErrorOf(answer)}");
            }

            if (++unavailable > 1_000)
            {
                throw _check.Fail(PortRule.Works, call, $"it is never answered: {PortCheck.ErrorOf(answer)}");
            }

            await _check.MomentAsync().ConfigureAwait(false);
        }
    }
}
