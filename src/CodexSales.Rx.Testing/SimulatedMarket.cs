using System.Runtime.CompilerServices;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;
using CodexSales.Rx.Testing.Contract;

namespace CodexSales.Rx.Testing;

/// <summary>A <see cref="SimulatedChain"/> as one host sees it.</summary>
/// <remarks>
/// Every task completes on the chain's scheduler, never inside of the call, and what awaits it continues right there. A
/// cancelled token ends the task and its timer; a transaction that was sent lands all the same. What the contract
/// answers with an error (the end of a request that it does not know, a proof probability beyond its arithmetic) faults
/// with <see cref="MarketUnavailableException"/>.
/// </remarks>
public sealed class SimulatedMarket : IMarket
{
    private readonly SimulatedChain _chain;
    private readonly SimulatedMarketOptions _options;

    internal SimulatedMarket(SimulatedChain chain, Address host, SimulatedMarketOptions options)
    {
        _chain = chain;
        _options = options;
        Host = host;
    }

    /// <summary>The host's account.</summary>
    public Address Host { get; }

    /// <summary>Decides, as often as this host calls, what goes wrong with the call. By default nothing does.</summary>
    public Func<MarketCall, MarketFault> Faults { get; set; } = _ => MarketFault.None;

    /// <inheritdoc/>
    public IObservable<MarketEvent> Events => _chain.Events;

    /// <inheritdoc/>
    public IObservable<BlockStamp> Heads => _chain.Heads;

    private SimulatedContract Contract => _chain.Contract;

    private UnixSeconds Now => _chain.Pending.Time;

    /// <inheritdoc/>
    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) =>
        AskAsync(null, () => _chain.Options.Rules, cancellation);

    /// <inheritdoc/>
    public Task<StorageRequest?> GetRequestAsync(RequestId request, CancellationToken cancellation) =>
        AskAsync(null, () => Contract.FindRequest(request)?.Request, cancellation);

    /// <inheritdoc/>
    public Task<RequestState?> GetRequestStateAsync(RequestId request, CancellationToken cancellation) =>
        AskAsync(null, () => Contract.FindRequest(request)?.StateAt(Now), cancellation);

    /// <inheritdoc/>
    public Task<SlotState> GetSlotStateAsync(SlotKey slot, CancellationToken cancellation) =>
        AskAsync(slot, () => Contract.GetSlotState(Now, slot), cancellation);

    /// <inheritdoc/>
    public Task<bool> IsMineAsync(SlotKey slot, CancellationToken cancellation) =>
        AskAsync(slot, () => Contract.GetHost(slot) == Host, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HostedSlot>> GetMySlotsAsync(CancellationToken cancellation) =>
        AskAsync(null, () => Contract.GetSlotsOf(Now, Host), cancellation);

    /// <inheritdoc/>
    public Task<UInt256> GetFundsAsync(CancellationToken cancellation) =>
        AskAsync(null, () => Contract.Tokens.BalanceOf(Host), cancellation);

    /// <inheritdoc/>
    public Task<bool> CanReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        AskAsync(slot, () => Contract.CanReserve(Now, Host, slot), cancellation);

    /// <inheritdoc/>
    public Task<ProofDemand> GetProofDemandAsync(SlotKey slot, CancellationToken cancellation) => AskAsync(
        slot,
        () => Contract.FindProofDemand(Now, slot)
            ?? throw new MarketUnavailableException("isProofRequired: panic 0x11, the proof probability is too large."),
        cancellation);

    /// <inheritdoc/>
    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        SendAsync(slot, at => Contract.ReserveSlot(at, Host, slot), cancellation);

    /// <inheritdoc/>
    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        SendAsync(slot, at => Contract.FillSlot(at, Host, slot, proof, allowance: collateral), cancellation);

    /// <inheritdoc/>
    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, Groth16Proof proof, CancellationToken cancellation) =>
        SendAsync(slot, at => Contract.SubmitProof(at, Host, slot, proof), cancellation);

    /// <inheritdoc/>
    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        SendAsync(slot, at => Contract.FreeSlot(at, Host, slot), cancellation);

    private Task<T> AskAsync<T>(
        SlotKey? slot, Func<T> answer, CancellationToken cancellation, [CallerMemberName] string name = "")
    {
        var fault = FaultOf(name, slot);
        return fault == MarketFault.Stalls
            ? new TaskCompletionSource<T>().Task.UnlessCancelledAsync(cancellation)
            : _chain.Scheduler.CallAsync(
                _options.CallLatency,
                () => fault == MarketFault.None
                    ? answer()
                    : throw new MarketUnavailableException($"{name} was not answered."),
                cancellation);
    }

    private Task<TransactionOutcome> SendAsync(
        SlotKey slot,
        Func<BlockStamp, ContractReply> execute,
        CancellationToken cancellation,
        [CallerMemberName] string name = "")
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<TransactionOutcome>(cancellation);
        }

        var fault = FaultOf(name, slot);
        if (fault == MarketFault.Stalls)
        {
            return new TaskCompletionSource<TransactionOutcome>().Task.UnlessCancelledAsync(cancellation);
        }

        if (fault == MarketFault.Late)
        {
            _ = _chain.SendAsync(execute, _options.TransactionLatency + _options.LateBy, Host);
        }

        var inDoubt = new TransactionInDoubt($"{name} was sent, and the answer is lost.");
        var outcome = _chain.SendAsync(
            fault switch
            {
                MarketFault.Lost or MarketFault.Late => _ => new ContractReply(inDoubt, []),
                MarketFault.Unconfirmed => at => execute(at) with { Outcome = inDoubt },
                MarketFault.Refused => _ => ContractReply.Refused(
                    MarketRefusal.Other, $"{name} was refused, as it was told to."),
                _ => execute,
            },
            _options.TransactionLatency,
            Host,
            _options.Confirmations);
        return outcome.UnlessCancelledAsync(cancellation);
    }

    private MarketFault FaultOf(string name, SlotKey? slot) =>
        Faults(new MarketCall(name, slot, _chain.Scheduler.Now));
}
