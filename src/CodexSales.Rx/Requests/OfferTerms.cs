namespace CodexSales.Rx.Requests;

/// <summary>The pay and the cost of a request's slots.</summary>
internal static class OfferTerms
{
    /// <summary>Of slots that were never filled; or why they are not for sale at all.</summary>
    public static (SlotTerms? Terms, RefusalReason? Reason, string Detail) Of(StorageRequested requested)
    {
        var ask = requested.Ask;
        if (ask.Slots == 0)
        {
            return (null, RefusalReason.NoSlots, "It asks for 0 slots.");
        }

        if (!ask.TryGetSlotReward(out var reward))
        {
            return (null, RefusalReason.RewardOverflows, $"{ask.PricePerBytePerSecond} for each byte and second of "
                + $"{ask.SlotSizeBytes} bytes and {ask.DurationSeconds} s is over 2^256 - 1.");
        }

        if (reward == UInt256.Zero)
        {
            return (null, RefusalReason.PaysNothing, $"{ask.PricePerBytePerSecond} for each byte and second of "
                + $"{ask.SlotSizeBytes} bytes and {ask.DurationSeconds} s pays nothing.");
        }

        if (!ask.TryGetSlotCollateral(out var collateral))
        {
            return (null, RefusalReason.CollateralOverflows, $"A collateral of {ask.CollateralPerByte} for each of "
                + $"{ask.SlotSizeBytes} bytes is over 2^256 - 1.");
        }

        var terms = new SlotTerms
        {
            RequestId = requested.RequestId,
            Ask = ask,
            Reward = reward,
            Collateral = collateral,
            ExpiresAt = requested.ExpiresAt,
            EndsAt = requested.EndsAt,
        };
        return (terms, null, "");
    }

    /// <summary>Of a slot that was freed in a block of that time.</summary>
    /// <remarks>Source: <c>fillSlot</c>, which takes the collateral less the repair reward, rounded down.</remarks>
    public static SlotTerms OfRepair(SlotTerms terms, UnixSeconds freedAt, byte repairRewardPercent)
    {
        var (whole, rest) = UInt256.DivRem(terms.Collateral, 100);
        var reward = (whole * repairRewardPercent) + (rest * repairRewardPercent / 100);
        return terms.InRepair(freedAt, terms.Collateral - reward);
    }
}
