namespace CodexSales.Rx.Sqlite.Tables;

/// <summary>A sale as a row: in the table of those that run, or of those that are over.</summary>
internal static class SaleTable
{
    public const string Columns =
        "number, request_id, slot_index, proof_probability, price, collateral_per_byte, slots, slot_size, duration, "
        + "max_slot_loss, reward, collateral, expires_at, ends_at, repair, state, started_at, at, held_in, filled_at, "
        + "missed_proofs, freed_at, reason, detail, earned, collateral_lost";

    public static object?[] ValuesOf(SaleRecord sale)
    {
        var (terms, ask, end) = (sale.Terms, sale.Terms.Ask, sale.End);
        return
        [
            sale.Number, terms.RequestId.Value, sale.SlotIndex, ask.ProofProbability, ask.PricePerBytePerSecond,
            ask.CollateralPerByte, ask.Slots, ask.SlotSizeBytes, ask.DurationSeconds,
            ask.MaxSlotLoss, terms.Reward, terms.Collateral, terms.ExpiresAt, terms.EndsAt, terms.IsRepair, sale.State,
            sale.StartedAt, sale.At, sale.HeldIn?.ToString(), sale.FilledAt,
            (long)sale.MissedProofs, terms.FreedAt, end?.Reason, end?.Detail, end?.Earned, end?.CollateralLost,
        ];
    }

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
