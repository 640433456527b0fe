using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>How transactions are priced, limited and watched.</summary>
public sealed record TransactionOptions
{
    private const ulong Gwei = 1_000_000_000;

    /// <summary>
    /// The gas that <c>reserveSlot</c> may use over its estimate, in percent: the last reservation does more work.
    /// </summary>
    /// <value>25 by default.</value>
    public int ReserveSlotGasMargin { get; set; } = 25;

    /// <summary>
    /// The gas that <c>fillSlot</c> may use over its estimate, in percent: the last fill starts the request.
    /// </summary>
    /// <value>10 by default.</value>
    public int FillSlotGasMargin { get; set; } = 10;

    /// <summary>The gas that <c>submitProof</c> may use over its estimate, in percent.</summary>
    /// <value>25 by default.</value>
    public int SubmitProofGasMargin { get; set; } = 25;

    /// <summary>
    /// The gas that <c>freeSlot</c> may use over its estimate, in percent: the slot that fails a request does the most.
    /// </summary>
    /// <value>200 by default: three times the estimate.</value>
    public int FreeSlotGasMargin { get; set; } = 200;

    /// <summary>
    /// The gas that the token's <c>approve</c> may use over its estimate, in percent. At least what it takes to set an
    /// allowance that is zero by then, because fills on the way have used it up, in place of one that is there.
    /// </summary>
    /// <value>100 by default.</value>
    public int ApproveGasMargin { get; set; } = 100;

    /// <summary>
    /// The least that is offered to the block's maker for each unit of gas, in wei, where the last blocks and the node ask
    /// for less. Not above <see cref="MaxFeePerGas"/>.
    /// </summary>
    /// <value>0 by default: what the last blocks were paid, or else what the node says.</value>
    public UInt256 MinPriorityFeePerGas { get; set; }

    /// <summary>
    /// The most that is offered for each unit of gas, in wei: also by replacements of a transaction that is stuck.
    /// </summary>
    /// <value>500 gwei by default.</value>
    public UInt256 MaxFeePerGas { get; set; } = 500 * Gwei;

    /// <summary>
    /// The most that all transactions of 24 hours may cost, in wei: what landed counts with what it cost, what is in
    /// flight with what it is likely to. What would go beyond is not sent. New slots (reservations, approvals and fills)
    /// get three quarters of it, so that proofs and payouts always find something left.
    /// </summary>
    /// <value>1 ether by default.</value>
    public UInt256 MostWeiPerDay { get; set; } = 1_000_000_000 * Gwei;

    /// <summary>
    /// How many transactions may be in flight at once. What is over that waits for the next block, but for proofs: they
    /// always go out.
    /// </summary>
    /// <value>64 by default: as many as a node keeps for one account when one before them is missing.</value>
    public int MostInFlight { get; set; } = 64;

    /// <summary>
    /// The gas limit of a fill whose approval goes out just before it: then it can't be estimated yet. What it does not
    /// use is not paid.
    /// </summary>
    /// <value>1,000,000 by default.</value>
    public ulong UnestimatedFillGas { get; set; } = 1_000_000;

    /// <summary>
    /// After how many blocks a transaction that is in none of them is replaced by a dearer one of the same nonce, once
    /// <see cref="StuckAfter"/> has passed, too.
    /// </summary>
    /// <value>6 by default.</value>
    public int StuckAfterBlocks { get; set; } = 6;

    /// <summary>
    /// After how long a transaction that is in no block is replaced, once there were <see cref="StuckAfterBlocks"/>, too.
    /// </summary>
    /// <value>45 s by default.</value>
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// How long what is in flight is left alone when no new block comes. Then it is looked for and sent again.
    /// </summary>
    /// <value>15 s by default.</value>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a transaction is prepared when the node or the signer does not answer, or the node does not take it. Then
    /// it is not sent.
    /// </summary>
    /// <value>1 min by default.</value>
    public TimeSpan PrepareDeadline { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// After how long a transaction that is in no block is told to be in doubt. It is watched, sent again and replaced
    /// all the same.
    /// </summary>
    /// <value>5 min by default.</value>
    public TimeSpan InclusionTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many tokens the marketplace is allowed to take once and for many slots, in the smallest unit; null to allow
    /// for each fill just what it takes.
    /// </summary>
    /// <value>
    /// Null by default: a fault of the contract then costs no more than what is in slots. Fills then cost a transaction
    /// more, which goes out just before them.
    /// </value>
    public UInt256? StandingAllowance { get; set; }

    /// <summary>
    /// Who gets the reward of a slot when it is freed, so that it does not stay with a key that is in use. The collateral
    /// comes back to the account all the same: the next slots need it. Not the zero address.
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

    /// <summary>The gas limit of a transaction that is estimated to use so much.</summary>
    internal ulong GasLimitOf(TransactionKind kind, ulong estimated)
    {
        // What it costs to write a word that was zero. Source: EIP-2929, EIP-2200.
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
