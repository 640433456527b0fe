namespace CodexSales.Rx.Testing.Ports;

// Its answers about a slot that is reserved and filled.
internal sealed partial class MarketChecks
{
    // A proof may be one of a challenge that is over by the time it is sent.
    private const int Tries = 5;

    private async Task SellAsync(Func<SlotView, Task<Groth16Proof>> prove)
    {
        var (offer, _) = await AskAsync($"GetOfferAsync({_slot})", (asOf, ct) => _market.GetOfferAsync(_slot, asOf, ct))
            .ConfigureAwait(false);
        if (offer is not { Request: { } request, MayReserve: true, View.State: SlotState.Free }
            || !request.Ask.TryGetSlotCollateral(out var collateral))
        {
            throw new ArgumentException($"Slot {_slot} can't be filled by this host: it is {offer.View.State}.");
        }

        var reserve = $"ReserveSlotAsync({_slot})";
        await LandedAsync(reserve, await SendAsync(reserve, ct => _market.ReserveSlotAsync(_slot, ct)).ConfigureAwait(false))
            .ConfigureAwait(false);
        var fill = $"FillSlotAsync({_slot})";
        var outcome = await FillAsync(fill, prove, collateral).ConfigureAwait(false);
        var block = await LandedAsync(fill, outcome).ConfigureAwait(false);
        var (view, asOf) = await AskAsync(
            $"GetSlotAsync({_slot})", (at, ct) => _market.GetSlotAsync(_slot, at, ct), block).ConfigureAwait(false);
        _check.Expect(
            view.Host == _market.Host && view.State == SlotState.Filled,
            PortRule.LandsWhatItSaysHasLanded,
            fill,
            $"it is told to have landed in block {block.Number}, and as of block {asOf.Number} the slot is {view.State} and "
                + $"{(view.Host is { } host ? $"of {host}" : "nobody's")}");
        await CheckListAsync(request).ConfigureAwait(false);
        await FillAgainAsync(fill, prove, collateral).ConfigureAwait(false);
        _check.Expect(
            await _check.UntilAsync(() => _events!.Values.OfType<SlotFilled>().Any(filled => filled.Slot == _slot))
                .ConfigureAwait(false),
            PortRule.TellsEveryEvent,
            nameof(IMarket.Events),
            $"that slot {_slot} is filled is not told within {_check.Patience}");
    }

    private async Task<TransactionOutcome> FillAsync(string call, Func<SlotView, Task<Groth16Proof>> prove, UInt256 collateral)
    {
        for (var tries = 1; ; tries++)
        {
            var proof = await prove(await ViewAsync().ConfigureAwait(false)).ConfigureAwait(false);
            var outcome = await SendAsync(call, ct => _market.FillSlotAsync(_slot, proof, collateral, ct)).ConfigureAwait(false);
            if (tries == Tries || outcome is not TransactionRefused { Reason: MarketRefusal.InvalidProof })
            {
                return outcome;
            }
        }
    }

    // A refusal by the contract is no error.
    private async Task FillAgainAsync(string call, Func<SlotView, Task<Groth16Proof>> prove, UInt256 collateral)
    {
        var proof = await prove(await ViewAsync().ConfigureAwait(false)).ConfigureAwait(false);
        var outcome = await SendAsync(call, ct => _market.FillSlotAsync(_slot, proof, collateral, ct)).ConfigureAwait(false);
        _check.Expect(
            outcome is not TransactionLanded,
            PortRule.LandsWhatItSaysHasLanded,
            call,
            "it is told to have landed in a slot that is filled already");
    }

    private async Task CheckListAsync(StorageRequest request)
    {
        var mine = await MineAsync(Head).ConfigureAwait(false);
        _check.Expect(
            mine.Contains(_slot.SlotId), PortRule.ListsItsSlots, nameof(IMarket.GetMySlotsAsync), $"slot {_slot} is not listed");
        var (hosted, _) = await AskAsync(
            nameof(IMarket.GetHostedSlotsAsync), (asOf, ct) => _market.GetHostedSlotsAsync([_slot.SlotId], asOf, ct))
            .ConfigureAwait(false);
        _check.Expect(
            hosted is [var one] && one.Slot == _slot && one.Request.Ask == request.Ask,
            PortRule.ListsItsSlots,
            nameof(IMarket.GetHostedSlotsAsync),
            $"slot {_slot} is not told with its request");
    }

    private async Task<TransactionOutcome> SendAsync(string call, Func<CancellationToken, Task<TransactionOutcome>> transaction)
    {
        var sent = await _check.TryAsync(call, transaction).ConfigureAwait(false);
        return sent.IsCompletedSuccessfully
            ? await sent.ConfigureAwait(false) ?? throw _check.Fail(PortRule.GivesAnAnswer, call, "the outcome is null")
            : throw _check.Fail(PortRule.TellsOutcomesAsValues, call, $"it fails with {PortCheck.ErrorOf(sent)}");
    }

    // The block that a transaction is in is one that is told.
    private async Task<BlockStamp> LandedAsync(string call, TransactionOutcome outcome)
    {
        if (outcome is not TransactionLanded { Block: var block })
        {
            throw _check.Fail(PortRule.Works, call, $"it comes to {outcome}");
        }

        return await _check.UntilAsync(() => Head.Number >= block.Number).ConfigureAwait(false)
            ? block
            : throw _check.Fail(
                PortRule.LandsWhatItSaysHasLanded,
                call,
                $"block {block.Number}, in which it is told to have landed, does not come within {_check.Patience}");
    }
}
