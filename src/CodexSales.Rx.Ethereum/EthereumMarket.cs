using System.Collections.Immutable;
using System.Reactive.Concurrency;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Ethereum;

/// <summary>The Marketplace contract on a chain, as the host of one account sees it.</summary>
/// <remarks>
/// <para>
/// Transactions go through one lane, one after another, and are noted in a journal before they are sent: a host that
/// was killed goes on with what was in flight when it is back. See decision 0010.
/// </para>
/// <para>
/// Threading: as <see cref="IMarket"/> demands. All time that passes is the scheduler's. Disposing stops watching; what
/// is in flight may still land.
/// </para>
/// </remarks>
public sealed class EthereumMarket : IMarket, IDisposable
{
    // What is approved may be gone by the time of the fill: by a node that lags, or a fill of another program.
    private const int MostFillAttempts = 3;

    private readonly MarketplaceCalls _calls;
    private readonly KnownRequests _requests;
    private readonly Remembered<MarketplaceConfiguration> _configuration;
    private readonly Remembered<Address> _token;
    private readonly TransactionLane _lane;
    private readonly ApprovalLedger _approvals;
    private readonly ChainTime _time;
    private readonly IDisposable _heads;

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
    /// <param name="scheduler">Where all time passes.</param>
    public EthereumMarket(
        IRpcTransport transport,
        ContractLocation contract,
        ISigner signer,
        ITransactionJournal journal,
        TransactionOptions options,
        IObservable<MarketEvent> events,
        IObservable<BlockStamp> heads,
        IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(options);
        (Events, Heads) = (events, heads);
        _calls = new MarketplaceCalls(transport, contract.Marketplace, signer.Account);
        _requests = new KnownRequests(_calls);
        _configuration = new Remembered<MarketplaceConfiguration>(_calls.GetConfigurationAsync);
        _token = new Remembered<Address>(_calls.GetTokenAsync);
        _time = new ChainTime(scheduler);
        _lane = new TransactionLane(transport, signer, contract.ChainId, journal, options, heads, scheduler);
        _approvals = new ApprovalLedger(_lane, _calls, options);

        // An error of the heads is told to whoever runs on them; here the last one just stays the last one.
        _heads = heads.Subscribe(_time.Observe, _ => { });
    }

    /// <inheritdoc/>
    public IObservable<MarketEvent> Events { get; }

    /// <inheritdoc/>
    public IObservable<BlockStamp> Heads { get; }

    /// <summary>What happens to transactions, for people and logs. Notifies one at a time.</summary>
    public IObservable<TransactionNotice> TransactionNotices => _lane.Notices;

    /// <inheritdoc/>
    public async Task<MarketRules> GetRulesAsync(CancellationToken cancellation) =>
        (await _configuration.GetAsync(cancellation).ConfigureAwait(false)).Rules;

    /// <inheritdoc/>
    public async Task<StorageRequest?> GetRequestAsync(RequestId request, CancellationToken cancellation) =>
        (await _requests.FindAsync(request, cancellation).ConfigureAwait(false))?.Request;

    /// <inheritdoc/>
    public Task<RequestState?> GetRequestStateAsync(RequestId request, CancellationToken cancellation) =>
        _calls.GetRequestStateAsync(request, cancellation);

    /// <inheritdoc/>
    public Task<SlotState> GetSlotStateAsync(SlotKey slot, CancellationToken cancellation) =>
        _calls.GetSlotStateAsync(slot, cancellation);

    /// <inheritdoc/>
    public async Task<bool> IsMineAsync(SlotKey slot, CancellationToken cancellation) =>
        await _calls.GetHostAsync(slot, cancellation).ConfigureAwait(false) == _calls.Host;

    /// <inheritdoc/>
    public Task<IReadOnlyList<HostedSlot>> GetMySlotsAsync(CancellationToken cancellation) =>
        _calls.GetMySlotsAsync(cancellation);

    /// <inheritdoc/>
    public Task<bool> CanReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        _calls.CanReserveSlotAsync(slot, cancellation);

    /// <inheritdoc/>
    public Task<ProofDemand> GetProofDemandAsync(SlotKey slot, CancellationToken cancellation) =>
        _calls.GetProofDemandAsync(slot, cancellation);

    /// <inheritdoc/>
    public async Task<UInt256> GetFundsAsync(CancellationToken cancellation) =>
        await _calls.GetBalanceAsync(await _token.GetAsync(cancellation).ConfigureAwait(false), cancellation)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    /// <remarks>
    /// The contract takes a reservation also for a request that it does not know, for a slot that the request does not
    /// have, and after the request has expired. Those are refused here, before they cost anything.
    /// </remarks>
    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        UnlessUnavailableAsync("reserveSlot", slot, async () =>
            await FindFaultAsync(slot, cancellation).ConfigureAwait(false) is { } refused
                ? refused
                : await SendAsync(
                    new TransactionPurpose(TransactionKind.ReserveSlot, slot, null, 0),
                    MarketplaceFunctions.ReserveSlot,
                    new CallData(MarketplaceFunctions.ReserveSlot).Add(slot).ToBytes(),
                    cancellation).ConfigureAwait(false));

    /// <inheritdoc/>
    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation)
    {
        var purpose = new TransactionPurpose(TransactionKind.FillSlot, slot, null, collateral);
        var data = new CallData(MarketplaceFunctions.FillSlot).Add(slot).Add(proof).ToBytes();
        return UnlessUnavailableAsync("fillSlot", slot, () => FillAsync(purpose, data, cancellation));
    }

    /// <inheritdoc/>
    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, Groth16Proof proof, CancellationToken cancellation) =>
        UnlessUnavailableAsync("submitProof", slot, async () =>
        {
            var rules = await GetRulesAsync(cancellation).ConfigureAwait(false);
            var period = _time.Now?.Value / Math.Max(1, rules.ProofPeriodSeconds);
            return await SendAsync(
                new TransactionPurpose(TransactionKind.SubmitProof, slot, period, 0),
                MarketplaceFunctions.SubmitProof,
                new CallData(MarketplaceFunctions.SubmitProof).Add(slot.SlotId.Value).Add(proof).ToBytes(),
                cancellation).ConfigureAwait(false);
        });

    /// <inheritdoc/>
    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        UnlessUnavailableAsync("freeSlot", slot, async () =>
        {
            var token = await _token.GetAsync(cancellation).ConfigureAwait(false);
            var reply = await _lane.SubmitAsync(
                Intent(
                    new TransactionPurpose(TransactionKind.FreeSlot, slot, null, 0),
                    MarketplaceFunctions.FreeSlot,
                    CallData.Of(MarketplaceFunctions.FreeSlot, slot.SlotId.Value)),
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
    public void Dispose()
    {
        _heads.Dispose();
        _lane.Dispose();
    }

    private async Task<TransactionOutcome> FillAsync(
        TransactionPurpose purpose, ImmutableArray<byte> data, CancellationToken cancellation)
    {
        if (await _lane.IsInFlightAsync(purpose).ConfigureAwait(false))
        {
            return await SendAsync(purpose, MarketplaceFunctions.FillSlot, data, cancellation).ConfigureAwait(false);
        }

        var token = await _token.GetAsync(cancellation).ConfigureAwait(false);
        using var claim = _approvals.Open(purpose.Amount);
        for (var attempts = 1; ; attempts++)
        {
            if (await _approvals.CoverAsync(claim, token, cancellation).ConfigureAwait(false) is { } notAllowed)
            {
                return notAllowed.Outcome;
            }

            var intent = Intent(purpose, MarketplaceFunctions.FillSlot, data) with { Sent = () => claim.IsSent = true };
            var reply = await _lane.SubmitAsync(intent, cancellation).ConfigureAwait(false);
            var isAllowed = claim.IsSent || reply.Error is not TokenShortfall { IsOfAllowance: true };
            if (isAllowed || attempts == MostFillAttempts)
            {
                return reply.Outcome;
            }

            claim.IsCovered = false;
        }
    }

    private async Task<TransactionOutcome> SendAsync(
        TransactionPurpose purpose,
        ContractFunction function,
        ImmutableArray<byte> data,
        CancellationToken cancellation) =>
        (await _lane.SubmitAsync(Intent(purpose, function, data), cancellation).ConfigureAwait(false)).Outcome;

    private TransactionIntent Intent(TransactionPurpose purpose, ContractFunction function, ImmutableArray<byte> data)
    {
        var call = new ContractCall(_calls.Host, _calls.Marketplace, function, data);
        return new TransactionIntent(purpose, () => call);
    }

    // The contract's own checks come with the fill only: by then the reservation and the download are paid for.
    private async Task<TransactionOutcome?> FindFaultAsync(SlotKey slot, CancellationToken cancellation)
    {
        if (await _requests.FindAsync(slot.RequestId, cancellation).ConfigureAwait(false) is not { } known)
        {
            return new TransactionRefused(
                MarketRefusal.UnknownRequest, $"The contract does not know request {slot.RequestId}.");
        }

        var slots = known.Request.Ask.Slots;
        if (slot.SlotIndex >= slots)
        {
            return new TransactionRefused(
                MarketRefusal.InvalidSlot,
                $"Request {slot.RequestId} has {slots} slots, and none of index {slot.SlotIndex}.");
        }

        return _time.Now >= known.ExpiresAt
            && await _calls.GetRequestStateAsync(slot.RequestId, cancellation).ConfigureAwait(false)
                is not RequestState.Started
                ? new TransactionRefused(
                    MarketRefusal.SlotNotFree, $"Request {slot.RequestId} expired at {known.ExpiresAt}.")
                : null;
    }

    // Finished and cancelled slots are paid by two transfers, the reward first; of a failed one nothing is paid.
    private SlotPayout? PayoutIn(TransactionReceipt receipt, Address token) =>
        receipt.Transfers.Where(transfer => transfer.Token == token && transfer.From == _calls.Marketplace).ToList()
            is [var reward, var collateral]
                ? new SlotPayout(reward.Amount, collateral.Amount)
                : null;

    // What can't be asked before anything was sent is a refusal: nothing was done, and nothing will be.
    private static async Task<TransactionOutcome> UnlessUnavailableAsync(
        string function, SlotKey slot, Func<Task<TransactionOutcome>> send)
    {
        try
        {
            return await send().ConfigureAwait(false);
        }
        catch (MarketUnavailableException unavailable)
        {
            return new TransactionRefused(
                MarketRefusal.Other, $"{function} {slot} was not sent. {unavailable.Message}");
        }
    }
}
