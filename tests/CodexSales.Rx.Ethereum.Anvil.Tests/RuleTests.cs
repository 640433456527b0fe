using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil.Tests;

/// <summary>Rules of which neither the recording nor random transactions tell much.</summary>
public sealed class RuleTests : IAsyncLifetime
{
    private const ulong PeriodSeconds = 10;
    private const ulong TimeoutSeconds = 5;
    private const ulong Expiry = 500;

    private static readonly UInt256 HardlyEver = UInt256.Parse("1000000000000000000000000000000000000000000000000");

    private AnvilNode _node = null!;

    private Address Client => _node.Accounts[1];

    private Address Host => _node.Accounts[2];

    private Address Validator => _node.Accounts[3];

    public async ValueTask InitializeAsync() => _node = await AnvilNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_missing_proof_is_marked_once()
    {
        var (market, slot, period) = await FillSlotAsync();
        await _node.SetNextTimeAsync(EndOf(period).Plus(1));
        Assert.True((await market.MarkProofAsMissingAsync(Validator, slot, period)).HasSucceeded);

        await AssertRefusedAsync("Proofs_ProofAlreadyMarkedMissing()", market, slot, period);
    }

    [Fact]
    public async Task A_period_that_lasts_can_still_be_proved()
    {
        var (market, slot, period) = await FillSlotAsync();
        await _node.MineAtAsync(EndOf(period));

        await AssertRefusedAsync("Proofs_PeriodNotEnded()", market, slot, period);
    }

    [Fact]
    public async Task A_mark_comes_too_late_after_the_timeout()
    {
        var (market, slot, period) = await FillSlotAsync();
        await _node.MineAtAsync(EndOf(period).Plus(TimeoutSeconds));

        await AssertRefusedAsync("Proofs_ValidationTimedOut()", market, slot, period);
    }

    [Fact]
    public async Task A_proof_that_came_is_not_missing()
    {
        var (market, slot, period) = await FillSlotAsync();
        await _node.SetNextTimeAsync(EndOf(period - 1).Plus(1));
        Assert.True((await market.SubmitProofAsync(Host, slot)).HasSucceeded);
        await _node.MineAtAsync(EndOf(period).Plus(1));

        await AssertRefusedAsync("Proofs_ProofNotMissing()", market, slot, period);
    }

    [Fact]
    public async Task A_proof_that_is_not_drawn_is_not_required()
    {
        var (market, slot, period) = await FillSlotAsync(HardlyEver);
        await _node.MineAtAsync(EndOf(period).Plus(1));

        await AssertRefusedAsync("Proofs_ProofNotRequired()", market, slot, period);
    }

    [Fact]
    public async Task The_proof_of_the_fill_counts_for_its_period()
    {
        var (market, slot, period) = await FillSlotAsync();
        await _node.MineAtAsync(EndOf(period - 1).Plus(1));

        await AssertRefusedAsync("Proofs_ProofNotMissing()", market, slot, period - 1);
    }

    [Fact]
    public async Task A_proof_may_be_taken_for_its_own_challenge_only()
    {
        var (market, slot, period) = await FillSlotAsync(areProofsBound: true);
        var stale = await market.ProveAsync(slot);
        await _node.MineAtAsync(EndOf(period - 1).Plus(1));

        var refusal = await market.FindRevertAsync(Host, MarketplaceCalls.SubmitProof(slot, stale));
        var taken = await market.SubmitProofAsync(Host, slot, await market.ProveAsync(slot));

        Assert.Equal(CallData.Of("Proofs_InvalidProof()").ToString(), refusal);
        Assert.True(taken.HasSucceeded);
    }

    [Fact]
    public async Task A_slot_that_was_filled_in_the_last_second_is_not_paid_out_of_a_cancelled_request()
    {
        var (market, slot, _) = await FillSlotAsync(secondsAfterRequest: Expiry);
        await _node.MineAsync();
        Assert.Equal(SlotState.Cancelled, await market.GetSlotStateAsync(slot));

        var refusal = await market.FindRevertAsync(Host, MarketplaceCalls.FreeSlot(slot));

        Assert.Equal(CallData.Of("Marketplace_StartNotBeforeExpiry()").ToString(), refusal);
    }

    private static UnixSeconds EndOf(ulong period) => new((period + 1) * PeriodSeconds);

    private async Task AssertRefusedAsync(string error, DeployedMarketplace market, SlotId slot, ulong period)
    {
        var refusal = await market.FindRevertAsync(Validator, MarketplaceCalls.MarkProofAsMissing(slot, period));

        Assert.Equal(CallData.Of(error).ToString(), refusal);
    }

    // The slot, and the first period in which its host has to prove.
    private async Task<(DeployedMarketplace Market, SlotId Slot, ulong Period)> FillSlotAsync(
        UInt256? probability = null, ulong? secondsAfterRequest = null, bool areProofsBound = false)
    {
        var market = await DeployedMarketplace.DeployAsync(
            _node, new MarketplaceSettings { DowntimeBlocks = 0, AreProofsBound = areProofsBound });
        await market.FundAsync(Client, Host);

        // At the beginning of a period, so that the fill is in the one in which it was proved.
        var (_, now) = await _node.GetHeadAsync();
        await _node.MineAtAsync(EndOf(now.Value / PeriodSeconds));
        var request = new StorageRequest
        {
            Client = Client,
            Ask = new StorageAsk
            {
                ProofProbability = probability ?? 1,
                PricePerBytePerSecond = 1,
                CollateralPerByte = 10,
                Slots = 2,
                SlotSizeBytes = 1000,
                DurationSeconds = 1000,
                MaxSlotLoss = 1,
            },
            Cid = [1],
            MerkleRoot = default,
            ExpirySeconds = Expiry,
            Nonce = default,
        };
        await market.RequestStorageAsync(request);
        var (_, requestedAt) = await _node.GetHeadAsync();
        var slot = new SlotKey(RequestId.Of(request), 0);
        await market.ReserveSlotAsync(Host, slot);
        if (secondsAfterRequest is { } seconds)
        {
            await _node.SetNextTimeAsync(requestedAt.Plus(seconds));
        }

        var proof = await market.ProveAsync(slot.SlotId);
        Assert.True((await market.FillSlotAsync(Host, slot, proof)).HasSucceeded);
        return (market, slot.SlotId, ((await _node.GetHeadAsync()).Time.Value / PeriodSeconds) + 1);
    }
}
