namespace CodexSales.Rx.Sqlite.Tables;

/// <summary>How a sale lies in its table: that of the sales that run, or that of those that are over.</summary>
internal static class SaleTable
{
    public const string Columns =
        "number, request_id, slot_index, proof_probability, price, collateral_per_byte, slots, slot_size, duration, "
        + "max_slot_loss, reward, collateral, expires_at, ends_at, repair, state, started_at, at, held_in, filled_at, "
        + "missed_proofs, freed_at, reason, detail, earned, collateral_lost";

    public static Statement With(this Statement statement, SaleRecord sale) => statement
        .With(sale.Number)
        .With(sale.Terms.RequestId.Value)
        .With(sale.SlotIndex)
        .With(sale.Terms.Ask)
        .With(sale.Terms.Reward)
        .With(sale.Terms.Collateral)
        .With(sale.Terms.ExpiresAt)
        .With(sale.Terms.EndsAt)
        .With(sale.Terms.IsRepair)
        .With(sale.State)
        .With(sale.StartedAt)
        .With(sale.At)
        .With(sale.HeldIn?.ToString())
        .With(sale.FilledAt)
        .With((long)sale.MissedProofs)
        .With(sale.Terms.FreedAt)
        .With(sale.End?.Reason.ToString())
        .With(sale.End?.Detail)
        .With(sale.End?.Earned)
        .With(sale.End?.CollateralLost);

    public static SaleRecord Read(Rows row)
    {
        var number = row.Int64();
        var request = new RequestId(row.Bytes());
        var sale = new SaleRecord
        {
            Number = number,
            SlotIndex = row.UInt64(),
            Terms = new SlotTerms
            {
                RequestId = request,
                Ask = ReadAsk(row),
                Reward = row.Amount(),
                Collateral = row.Amount(),
                ExpiresAt = row.Moment(),
                EndsAt = row.Moment(),
                IsRepair = row.Boolean(),
            },
            State = row.Case<SaleStateName>(),
            StartedAt = row.Moment(),
            At = row.Moment(),
            HeldIn = row.TextOrNull() is { } name ? new AvailabilityId(name) : null,
            FilledAt = row.MomentOrNull(),
            MissedProofs = (int)row.Int64(),
        };
        return sale with
        {
            Terms = sale.Terms with { FreedAt = row.MomentOrNull() },
            End = row.SkipNull() ? null : new SaleEnd(row.Case<SaleReason>(), row.Text(), row.Amount(), row.Amount()),
        };
    }

    private static Statement With(this Statement statement, StorageAsk ask) => statement
        .With(ask.ProofProbability)
        .With(ask.PricePerBytePerSecond)
        .With(ask.CollateralPerByte)
        .With(ask.Slots)
        .With(ask.SlotSizeBytes)
        .With(ask.DurationSeconds)
        .With(ask.MaxSlotLoss);

    private static StorageAsk ReadAsk(Rows row) => new()
    {
        ProofProbability = row.Amount(),
        PricePerBytePerSecond = row.Amount(),
        CollateralPerByte = row.Amount(),
        Slots = row.UInt64(),
        SlotSizeBytes = row.UInt64(),
        DurationSeconds = row.UInt64(),
        MaxSlotLoss = row.UInt64(),
    };
}
