using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Ethereum;

/// <summary>The Marketplace contract on a chain, as the host of one account sees it.</summary>
/// <remarks>
/// <para>
/// Transactions go through one manager, the most urgent first, and are noted in a journal before they are sent: a host that
/// was killed goes on with what was in flight when it is back. See decision 0010.
/// </para>
/// <para>
/// Threading: as <see cref="IMarket"/> demands. All time that passes is the scheduler's. Disposing stops watching; what
/// is in flight may still land.
/// </para>
/// </remarks>
public sealed class EthereumMarket : IMarket, IDisposable
{
    // What is approved may be gone by the time of the fill, by a fill of another program; or the approval failed.
    private const int MostFillAttempts = 3;

    private readonly MarketplaceCalls _calls;
    private readonly Remembered<(MarketplaceConfiguration Configuration, Address Token)> _constants;
    private readonly TransactionManager _lane;
    private readonly Address? _payoutTo;
    private readonly Challenges _challenges = new();

    /// <summary>Connects a host to the contract. Nothing is asked until somebody asks.</summary>
    /// <param name="transport">How the node is asked.</param>
    /// <param name="contract">Where the contract is.</param>
    /// <param name="signer">Signs for the host's account.</param>
    /// <param name="journal">Remembers what is in flight.</param>
    /// <param name="options">How transactions are priced, limited and watched.</param>
    /// <param name="events">Every event, in order: what <see cref="Events"/> will be.</param>
    /// <param name="heads">
    /// The newest block, each time: what <see cref="Heads"/> will be. Subscribed to at once, and more than once.
    /// </param>
    /// <param name="finalHeads">
    /// The newest block that stays for good, each time: what <see cref="FinalHeads"/> will be. Subscribed to at once, and
    /// more than once.
    /// </param>
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
        _calls = new MarketplaceCalls(
            GatheringTransport.Of(transport, scheduler), contract.Marketplace, signer.Account);
        _constants = new Remembered<(MarketplaceConfiguration, Address)>(GetConstantsAsync);
        _lane = new TransactionManager(
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

    /// <summary>What happens to transactions, for people and logs. Notifies one at a time.</summary>
    public IObservable<TransactionNotice> TransactionNotices => _lane.Notices;

    /// <inheritdoc/>
    public async Task<MarketRules> GetRulesAsync(CancellationToken cancellation) =>
        (await _constants.GetAsync(cancellation).ConfigureAwait(false)).Configuration.Rules;

    /// <inheritdoc/>
    /// <remarks>One message to the node, with whatever else is asked at the same moment.</remarks>
    public async Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation)
    {
        var rules = await GetRulesAsync(cancellation).ConfigureAwait(false);
        var view = await _calls.GetSlotAsync(slot, rules.ProofPeriodSeconds, asOf, cancellation).ConfigureAwait(false);
        _challenges.Note(slot, view);
        return view;
    }

    /// <inheritdoc/>
    /// <remarks>One message to the node.</remarks>
    public async Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation)
    {
        var (configuration, token) = await _constants.GetAsync(cancellation).ConfigureAwait(false);
        return await _calls
            .GetOfferAsync(slot, token, configuration.Rules.ProofPeriodSeconds, asOf, cancellation)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellation) =>
        _calls.GetMySlotsAsync(asOf, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellation) =>
        _calls.GetHostedSlotsAsync(slots, asOf, cancellation);

    /// <inheritdoc/>
    /// <remarks>
    /// The contract takes a reservation also for a request that it does not know, for a slot that the request does not
    /// have, and after the request has expired: nothing of that is looked at here.
    /// </remarks>
    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) => SendAsync(
        new TransactionPurpose(TransactionKind.ReserveSlot, slot, null, 0),
        MarketplaceFunctions.ReserveSlot,
        new CallData(MarketplaceFunctions.ReserveSlot).Add(slot).ToBytes(),
        cancellation);

    /// <inheritdoc/>
    /// <remarks>
    /// An approval that it needs goes out just before it, in the same message. Where that fails, both are tried again.
    /// </remarks>
    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        UnlessUnavailableAsync("fillSlot", slot, async () =>
        {
            var (configuration, token) = await _constants.GetAsync(cancellation).ConfigureAwait(false);
            var intent = Intent(
                new TransactionPurpose(TransactionKind.FillSlot, slot, null, collateral),
                MarketplaceFunctions.FillSlot,
                new CallData(MarketplaceFunctions.FillSlot).Add(slot).Add(proof).ToBytes()) with
            {
                Until = EndOfPeriod(configuration.Rules),
                UntilBlock = _challenges.LastBlockOf(slot),
                Token = token,
            };
            for (var attempts = 1; ; attempts++)
            {
                var reply = await _lane.SubmitAsync(intent, cancellation).ConfigureAwait(false);
                if (attempts == MostFillAttempts || reply.Error is not TokenShortfall { IsOfAllowance: true })
                {
                    return reply.Outcome;
                }
            }
        });

    /// <inheritdoc/>
    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellation) =>
        UnlessUnavailableAsync("submitProof", slot, async () =>
        {
            var rules = await GetRulesAsync(cancellation).ConfigureAwait(false);
            var intent = Intent(
                new TransactionPurpose(TransactionKind.SubmitProof, slot, period, 0),
                MarketplaceFunctions.SubmitProof,
                new CallData(MarketplaceFunctions.SubmitProof).Add(slot.SlotId.Value).Add(proof).ToBytes()) with
            {
                Until = EndOf(period, rules),
                UntilBlock = _challenges.LastBlockOf(slot, period),
            };
            return (await _lane.SubmitAsync(intent, cancellation).ConfigureAwait(false)).Outcome;
        });

    /// <inheritdoc/>
    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        UnlessUnavailableAsync("freeSlot", slot, async () =>
        {
            var (_, token) = await _constants.GetAsync(cancellation).ConfigureAwait(false);
            var reply = await _lane.SubmitAsync(
                Intent(
                    new TransactionPurpose(TransactionKind.FreeSlot, slot, null, 0),
                    MarketplaceFunctions.FreeSlot,
                    _payoutTo is { } payee
                        ? new CallData(MarketplaceFunctions.FreeSlotTo)
                            .Add(slot.SlotId.Value).Add(payee).Add(Host).ToBytes()
                        : CallData.Of(MarketplaceFunctions.FreeSlot, slot.SlotId.Value)),
                cancellation).ConfigureAwait(false);
            return reply is { Outcome: TransactionLanded landed, Receipt: { } receipt }
                ? landed with { Payout = PayoutIn(receipt, token) }
                : reply.Outcome;
        });

    /// <summary>
    /// Sends nothing new from now on, and waits until what was sent is in a block: before a program ends. Transactions
    /// that are asked for later wait until they are cancelled.
    /// </summary>
    /// <param name="patience">The longest to wait, on the scheduler.</param>
    /// <returns>What is in no block even so; the journal has it.</returns>
    public Task<IReadOnlyList<TransactionPurpose>> SettleAsync(TimeSpan patience) => _lane.SettleAsync(patience);

    /// <summary>Stops watching transactions and heads.</summary>
    public void Dispose() => _lane.Dispose();

    private async Task<(MarketplaceConfiguration Configuration, Address Token)> GetConstantsAsync(
        CancellationToken cancellation)
    {
        var constants = await _calls.GetConstantsAsync(cancellation).ConfigureAwait(false);
        _lane.ProofPeriodSeconds = constants.Configuration.Rules.ProofPeriodSeconds;
        return constants;
    }

    // A proof is one of the period of the block that was the newest when it was handed over: in another one it is void.
    private UnixSeconds? EndOfPeriod(MarketRules rules) =>
        _lane.Newest is { } newest ? EndOf(newest.Time.Value / rules.ProofPeriodSeconds, rules) : null;

    private static UnixSeconds EndOf(ulong period, MarketRules rules) =>
        new(((period + 1) * rules.ProofPeriodSeconds) - 1);

    private async Task<TransactionOutcome> SendAsync(
        TransactionPurpose purpose,
        ContractFunction function,
        ImmutableArray<byte> data,
        CancellationToken cancellation) =>
        (await _lane.SubmitAsync(Intent(purpose, function, data), cancellation).ConfigureAwait(false)).Outcome;

    private TransactionIntent Intent(TransactionPurpose purpose, ContractFunction function, ImmutableArray<byte> data)
    {
        var call = new ContractCall(_calls.Host, _calls.Marketplace, function, data);
        return new TransactionIntent(purpose, call);
    }

    // Finished and cancelled slots are paid by just two transfers, the reward first. Of a failed one nothing is paid; nor
    // of one that the contract still counted as filled.
    private SlotPayout? PayoutIn(TransactionReceipt receipt, Address token) =>
        receipt.Transfers.Where(transfer => transfer.Token == token && transfer.From == _calls.Marketplace).ToList()
            is [var reward, var collateral]
                ? new SlotPayout(reward.Amount, collateral.Amount)
                : null;

    // What can't be asked before anything was sent passes: nothing was done, and nothing of it can land.
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
}
