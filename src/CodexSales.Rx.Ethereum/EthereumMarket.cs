using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Proving;
namespace CodexSales.Rx.Ethereum;

/// <summary>The Marketplace contract on a chain, as the host of one account sees it.</summary>
/// <remarks>
/// Transactions go through one manager, the most urgent first, and are noted in a journal before they are sent: a
/// killed host goes on with them when it is back. See decision 0010. Threading: as <see cref="IMarket"/> demands. All
/// time is the scheduler's. Disposing stops watching; transactions in flight may still land.
/// </remarks>
public sealed class EthereumMarket : IMarket, IDisposable
{
    // The approved tokens may be gone by the time of the fill, by one of another program; or the approval failed.
    private const int MostFillAttempts = 3;

    private readonly MarketplaceCalls _calls;
    private readonly TransactionManager _transactions;
    private readonly Address? _payoutTo;
    private readonly Challenges _challenges = new();
    private Constants? _constants;

    /// <summary>Connects a host to the contract. Nothing is asked until somebody asks.</summary>
    /// <param name="transport">How the node is asked.</param>
    /// <param name="contract">Where the contract is.</param>
    /// <param name="signer">Signs for the host's account.</param>
    /// <param name="journal">Remembers what is in flight.</param>
    /// <param name="options">How transactions are priced, limited and watched.</param>
    /// <param name="events">Every event, in order: becomes <see cref="Events"/>.</param>
    /// <param name="heads">The newest blocks: <see cref="Heads"/>. Subscribed to at once, and more than once.</param>
    /// <param name="finalHeads">The newest final blocks: <see cref="FinalHeads"/>. Subscribed to likewise.</param>
    /// <param name="scheduler">Where all time passes.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names each of them.</exception>
    public EthereumMarket(
        IRpcTransport transport,
        ContractLocation contract,
        ISigner signer,
        ITransactionJournal journal,
        TransactionOptions options,
        IObservable<MarketEvent> events,
        IObservable<BlockStamp> heads,
        IObservable<BlockStamp> finalHeads,
        IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(options);
        OptionErrors.ThrowAny(options.FindErrors());
        (Events, Heads, FinalHeads) = (events, heads, finalHeads);
        _payoutTo = options.PayoutTo;
        var gathering = GatheringTransport.Of(transport, scheduler);
        _calls = new MarketplaceCalls(gathering, contract.Marketplace, signer.Account);
        _transactions = new TransactionManager(
            transport, signer, contract.ChainId, journal, options, heads, finalHeads, scheduler);
    }

    /// <inheritdoc/>
    public Address Host => _calls.Host;

    /// <inheritdoc/>
    public IObservable<MarketEvent> Events { get; }

    /// <inheritdoc/>
    public IObservable<BlockStamp> Heads { get; }

    /// <inheritdoc/>
    public IObservable<BlockStamp> FinalHeads { get; }

    /// <summary>What gas cost when a transaction was priced last; null before the first one. From any thread; asks nobody.</summary>
    public GasPrice? GasPrice => _transactions.GasPrice;

    /// <summary>The fees of transactions that ended in the last 24 hours, in wei, which count against the limit of a day.</summary>
    public UInt256 SpentInADay => _transactions.SpentInADay;

    /// <summary>What happens to transactions, for people and logs. Notifies one at a time.</summary>
    public IObservable<TransactionNotice> TransactionNotices => _transactions.Notices;

    /// <inheritdoc/>
    public async Task<MarketRules> GetRulesAsync(CancellationToken cancellationToken = default) =>
        (await GetConstantsAsync(cancellationToken).ConfigureAwait(false)).Configuration.Rules;

    /// <inheritdoc/>
    /// <remarks>One message to the node, with whatever else is asked at the same moment.</remarks>
    public async Task<SlotView> GetSlotAsync(
        SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken = default)
    {
        var rules = await GetRulesAsync(cancellationToken).ConfigureAwait(false);
        var view = await _calls.GetSlotAsync(slot, rules.ProofPeriodSeconds, asOf, cancellationToken)
            .ConfigureAwait(false);
        _challenges.Note(slot, view);
        return view;
    }

    /// <inheritdoc/>
    /// <remarks>One message to the node.</remarks>
    public async Task<SlotOffer> GetOfferAsync(
        SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken = default)
    {
        var (configuration, token) = await GetConstantsAsync(cancellationToken).ConfigureAwait(false);
        return await _calls
            .GetOfferAsync(slot, token, configuration.Rules.ProofPeriodSeconds, asOf, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SlotId>> GetMySlotsAsync(
        BlockStamp asOf, CancellationToken cancellationToken = default) =>
        _calls.GetMySlotsAsync(asOf, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellationToken = default) =>
        _calls.GetHostedSlotsAsync(slots, asOf, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// The contract also takes a reservation for an unknown or expired request, or a slot that the request does not
    /// have: nothing of that is checked here.
    /// </remarks>
    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellationToken = default) =>
        SendAsync(
        Intent(
            new TransactionPurpose(TransactionKind.ReserveSlot, slot, null, 0),
            MarketplaceFunctions.ReserveSlot,
            CallData.To(MarketplaceFunctions.ReserveSlot).Add(slot)),
        cancellationToken);

    /// <inheritdoc/>
    /// <remarks>A needed approval goes out just before it, in the same message. Both are tried again.</remarks>
    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellationToken = default) =>
        UnlessUnavailableAsync("fillSlot", slot, async () =>
        {
            var (configuration, token) = await GetConstantsAsync(cancellationToken).ConfigureAwait(false);
            var intent = Intent(
                new TransactionPurpose(TransactionKind.FillSlot, slot, null, collateral),
                MarketplaceFunctions.FillSlot,
                CallData.To(MarketplaceFunctions.FillSlot).Add(slot).Add(proof)) with
            {
                Until = EndOfPeriod(configuration.Rules),
                UntilBlock = _challenges.LastBlockOf(slot),
                Token = token,
            };
            for (var attempts = 1; ; attempts++)
            {
                var reply = await _transactions.SubmitAsync(intent, cancellationToken).ConfigureAwait(false);
                if (attempts == MostFillAttempts || reply.Error is not TokenShortfall { IsOfAllowance: true })
                {
                    return reply.Outcome;
                }
            }
        });

    /// <inheritdoc/>
    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellationToken = default) =>
        UnlessUnavailableAsync("submitProof", slot, async () =>
        {
            var rules = await GetRulesAsync(cancellationToken).ConfigureAwait(false);
            var intent = Intent(
                new TransactionPurpose(TransactionKind.SubmitProof, slot, period, 0),
                MarketplaceFunctions.SubmitProof,
                CallData.To(MarketplaceFunctions.SubmitProof).Add(slot.SlotId.Value).Add(proof)) with
            {
                Until = EndOf(period, rules),
                UntilBlock = _challenges.LastBlockOf(slot, period),
            };
            return await SendAsync(intent, cancellationToken).ConfigureAwait(false);
        });

    /// <inheritdoc/>
    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellationToken = default) =>
        UnlessUnavailableAsync("freeSlot", slot, async () =>
        {
            var (_, token) = await GetConstantsAsync(cancellationToken).ConfigureAwait(false);
            var function = _payoutTo is null ? MarketplaceFunctions.FreeSlot : MarketplaceFunctions.FreeSlotTo;
            var data = CallData.To(function).Add(slot.SlotId.Value);
            var intent = Intent(
                new TransactionPurpose(TransactionKind.FreeSlot, slot, null, 0),
                function,
                _payoutTo is { } payee ? data.Add(payee).Add(Host) : data);
            var reply = await _transactions.SubmitAsync(intent, cancellationToken).ConfigureAwait(false);
            return reply is { Outcome: TransactionLanded landed, Receipt: { } receipt }
                ? landed with { Payout = PayoutIn(receipt, token) }
                : reply.Outcome;
        });

    /// <summary>What the host's account has, as of a block that was told. One message to the node.</summary>
    /// <exception cref="MarketUnavailableException">The node does not answer, or does not know the block.</exception>
    public async Task<AccountBalances> GetBalancesAsync(BlockStamp asOf, CancellationToken cancellation)
    {
        var (_, token) = await GetConstantsAsync(cancellation).ConfigureAwait(false);
        return await _calls.GetBalancesAsync(token, asOf, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends nothing new from now on, and waits, on the scheduler and no longer than patience lasts, until transactions
    /// in flight are mined: before a program ends. Later ones wait until they are cancelled.
    /// </summary>
    /// <returns>The purposes that are in no block even so; the journal has them.</returns>
    public Task<IReadOnlyList<TransactionPurpose>> SettleAsync(TimeSpan patience) =>
        _transactions.SettleAsync(patience);

    /// <summary>Stops watching transactions and heads.</summary>
    public void Dispose() => _transactions.Dispose();

    // They never change: asked for until they are answered, then remembered.
    private async Task<Constants> GetConstantsAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _constants) is { } known)
        {
            return known;
        }

        var (configuration, token) = await _calls.GetConstantsAsync(cancellationToken).ConfigureAwait(false);
        _transactions.ProofPeriodSeconds = configuration.Rules.ProofPeriodSeconds;
        var constants = new Constants(configuration, token);
        Volatile.Write(ref _constants, constants);
        return constants;
    }

    // A proof is one of the period of the newest block when it was handed over: in another period it is void.
    private UnixSeconds? EndOfPeriod(MarketRules rules) =>
        _transactions.Newest is { } newest ? EndOf(newest.Time.Value / rules.ProofPeriodSeconds, rules) : null;

    private static UnixSeconds EndOf(ulong period, MarketRules rules) =>
        new(((period + 1) * rules.ProofPeriodSeconds) - 1);

    private async Task<TransactionOutcome> SendAsync(TransactionIntent intent, CancellationToken cancellationToken) =>
        (await _transactions.SubmitAsync(intent, cancellationToken).ConfigureAwait(false)).Outcome;

    private TransactionIntent Intent(TransactionPurpose purpose, ContractFunction function, AbiWords data) =>
        new(purpose, new ContractCall(_calls.Host, _calls.Marketplace, function, data.ToBytes()));

    // Finished and cancelled slots are paid by just two transfers, the reward first. A failed slot, or one that the
    // contract still counted as filled, is paid nothing.
    private SlotPayout? PayoutIn(TransactionReceipt receipt, Address token) =>
        receipt.Transfers.Where(transfer => transfer.Token == token && transfer.From == _calls.Marketplace).ToList()
            is [var reward, var collateral] ? new SlotPayout(reward.Amount, collateral.Amount) : null;

    // A question before anything was sent that is not answered passes: nothing of it can land.
    private static async Task<TransactionOutcome> UnlessUnavailableAsync(
        string function, SlotKey slot, Func<Task<TransactionOutcome>> send)
    {
        try
        {
            return await send().ConfigureAwait(false);
        }
        catch (MarketUnavailableException unavailable)
        {
            return new TransactionNotSent($"{function} {slot.ToShortString()} was not sent. {unavailable.Message}");
        }
    }

    private sealed record Constants(MarketplaceConfiguration Configuration, Address Token);
}
