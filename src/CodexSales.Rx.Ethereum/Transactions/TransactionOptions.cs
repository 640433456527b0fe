namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>How transactions are priced, limited and watched.</summary>
public sealed record TransactionOptions
{
    private const ulong Gwei = 1_000_000_000;

    /// <summary>The gas of <c>reserveSlot</c> over its estimate, in percent: the last one does more work.</summary>
    /// <value>25 by default.</value>
    public int ReserveSlotGasMargin { get; set; } = 25;

    /// <summary>The gas of <c>fillSlot</c> over its estimate, in percent: the last fill starts the request.</summary>
    /// <value>10 by default.</value>
    public int FillSlotGasMargin { get; set; } = 10;

    /// <summary>The gas of <c>submitProof</c> over its estimate, in percent.</summary>
    /// <value>25 by default.</value>
    public int SubmitProofGasMargin { get; set; } = 25;

    /// <summary>The gas of <c>freeSlot</c> over its estimate, in percent: failing a request takes most.</summary>
    /// <value>200 by default: three times the estimate.</value>
    public int FreeSlotGasMargin { get; set; } = 200;

    /// <summary>
    /// The gas of the token's <c>approve</c> over its estimate, in percent; at least the price of setting an allowance
    /// that is zero by then, because fills have used it up.
    /// </summary>
    /// <value>100 by default.</value>
    public int ApproveGasMargin { get; set; } = 100;

    /// <summary>The least tip for each unit of gas, in wei. Not above <see cref="MaxFeePerGas"/>.</summary>
    /// <value>0 by default: the tip of the last blocks, or else the node's suggestion.</value>
    public UInt256 MinPriorityFeePerGas { get; set; }

    /// <summary>The most that is offered for each unit of gas, in wei, also by replacements.</summary>
    /// <value>500 gwei by default.</value>
    public UInt256 MaxFeePerGas { get; set; } = 500 * Gwei;

    /// <summary>
    /// The most that the transactions of 24 hours may cost, in wei: mined ones by their cost, those in flight by their
    /// likely cost. Beyond it nothing is sent. Reservations, approvals and fills get three quarters, so that proofs and
    /// payouts find something left.
    /// </summary>
    /// <value>1 ether by default.</value>
    public UInt256 MostWeiPerDay { get; set; } = 1_000_000_000 * Gwei;

    /// <summary>The most transactions in flight. Others wait for the next block, but proofs always go out.</summary>
    /// <value>64 by default: as many as a node keeps for one account when one before them is missing.</value>
    public int MostInFlight { get; set; } = 64;

    /// <summary>The gas limit of a fill just after its approval, which can't be estimated.</summary>
    /// <value>1,000,000 by default.</value>
    public ulong UnestimatedFillGas { get; set; } = 1_000_000;

    /// <summary>The blocks after which a transaction is replaced, once <see cref="StuckAfter"/> has passed.</summary>
    /// <value>6 by default.</value>
    public int StuckAfterBlocks { get; set; } = 6;

    /// <summary>The time after which it is replaced, once there were <see cref="StuckAfterBlocks"/>.</summary>
    /// <value>45 s by default.</value>
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long after one look at the transactions the next one comes when no block does, and how long after it was sent one that is not mined is sent again.</summary>
    /// <value>15 s by default.</value>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a transaction is tried while node or signer don't take it. Then it is not sent.</summary>
    /// <value>1 min by default.</value>
    public TimeSpan PrepareDeadline { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The time after which an unmined transaction is in doubt. It is watched all the same.</summary>
    /// <value>5 min by default.</value>
    public TimeSpan InclusionTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The tokens that the marketplace may take once and for all, in the smallest unit.</summary>
    /// <value>
    /// Null by default: a fault of the contract then costs no more than the collateral in slots, at the price of an
    /// approval just before each fill.
    /// </value>
    public UInt256? StandingAllowance { get; set; }

    /// <summary>
    /// The receiver of rewards, so that they do not stay with a key that is in use; not the zero address. Collateral
    /// still comes back to the account: the next slots need it.
    /// </summary>
    /// <value>Null by default: the account itself.</value>
    public Address? PayoutTo { get; set; }

    /// <summary>All that is wrong with them, a sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> FindErrors() =>
    [
        .. new[]
        {
            (ReserveSlotGasMargin, nameof(ReserveSlotGasMargin)),
            (FillSlotGasMargin, nameof(FillSlotGasMargin)),
            (SubmitProofGasMargin, nameof(SubmitProofGasMargin)),
            (FreeSlotGasMargin, nameof(FreeSlotGasMargin)),
            (ApproveGasMargin, nameof(ApproveGasMargin)),
        }.SelectMany(margin => OptionErrors.Unless(margin.Item1 >= 0, margin.Item2, margin.Item1, "0 or more")),
        .. OptionErrors.Unless(
            MinPriorityFeePerGas <= MaxFeePerGas, nameof(MinPriorityFeePerGas), MinPriorityFeePerGas, $"at most the {MaxFeePerGas} of MaxFeePerGas"),
        .. OptionErrors.Unless(MostInFlight >= 1, nameof(MostInFlight), MostInFlight, "1 or more"),
        .. OptionErrors.Unless(UnestimatedFillGas >= 1, nameof(UnestimatedFillGas), UnestimatedFillGas, "1 or more"),
        .. OptionErrors.Unless(StuckAfterBlocks >= 1, nameof(StuckAfterBlocks), StuckAfterBlocks, "1 or more"),
        .. new[]
        {
            (StuckAfter, nameof(StuckAfter)),
            (WatchInterval, nameof(WatchInterval)),
            (PrepareDeadline, nameof(PrepareDeadline)),
            (InclusionTimeout, nameof(InclusionTimeout)),
        }.SelectMany(span => OptionErrors.Unless(span.Item1 > TimeSpan.Zero, span.Item2, span.Item1, "more than 0")),
        .. OptionErrors.Unless(PayoutTo != default(Address), nameof(PayoutTo), PayoutTo, "an address that is not zero"),
    ];

    internal ulong GasLimitOf(TransactionKind kind, ulong estimated)
    {
        // The gas of writing a word that was zero. Source: EIP-2929, EIP-2200.
        const ulong NewWord = 22_100;
        var margin = kind switch
        {
            TransactionKind.ReserveSlot => ReserveSlotGasMargin,
            TransactionKind.FillSlot => FillSlotGasMargin,
            TransactionKind.SubmitProof => SubmitProofGasMargin,
            TransactionKind.FreeSlot => FreeSlotGasMargin,
            TransactionKind.Approve => ApproveGasMargin,
            _ => 0,
        };
        var extra = (UInt128)estimated * (ulong)margin / 100;
        var least = kind == TransactionKind.Approve ? (UInt128)NewWord : 0;
        return (ulong)UInt128.Min(estimated + UInt128.Max(extra, least), ulong.MaxValue);
    }
}
