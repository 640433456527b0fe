using System.Collections.Immutable;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Ethereum.Calls;

/// <summary>What the Marketplace contract and its token say of a host's slots and money.</summary>
/// <remarks>
/// <para>
/// Asks as of the pending block, whose timestamp is the present: by the newest block an expired request still reads
/// New. Where a node has no pending block to ask about, the newest one is asked about. What depends on who asks is
/// asked as the host.
/// </para>
/// <para>
/// Errors: a question that is not answered faults its task with <see cref="MarketUnavailableException"/>, and so does
/// an answer that is not exactly as the contract encodes it. Threading: any thread.
/// </para>
/// </remarks>
/// <param name="transport">How the node is asked.</param>
/// <param name="marketplace">The contract.</param>
/// <param name="host">The host's account.</param>
public sealed class MarketplaceCalls(IRpcTransport transport, Address marketplace, Address host)
{
    // A message of more calls than this is refused by some providers.
    private const int MostCallsAtOnce = 50;

    private readonly ContractCaller _caller = new(transport);

    /// <summary>The contract.</summary>
    public Address Marketplace => marketplace;

    /// <summary>The host's account.</summary>
    public Address Host => host;

    /// <summary>What the contract was deployed with. Source: <c>configuration</c>.</summary>
    public Task<MarketplaceConfiguration> GetConfigurationAsync(CancellationToken cancellation) => _caller.AskAsync(
        Call(MarketplaceFunctions.Configuration), ReturnValues.Configuration, cancellation);

    /// <summary>The token that the contract pays and takes. Source: <c>token</c>.</summary>
    public Task<Address> GetTokenAsync(CancellationToken cancellation) =>
        _caller.AskAsync(Call(MarketplaceFunctions.Token), ReturnValues.Address, cancellation);

    /// <summary>The whole request; null when the contract does not know it. Source: <c>getRequest</c>.</summary>
    public async Task<StorageRequest?> GetRequestAsync(RequestId request, CancellationToken cancellation)
    {
        var call = Call(MarketplaceFunctions.GetRequest, request.Value);
        var answer = await AskOneAsync(call, cancellation).ConfigureAwait(false);
        return Refuses(answer, MarketRefusal.UnknownRequest)
            ? null
            : ContractCaller.Read(call, answer, ReturnValues.Request);
    }

    /// <summary>The state of a request; null when the contract does not know it. Source: <c>requestState</c>.</summary>
    public async Task<RequestState?> GetRequestStateAsync(RequestId request, CancellationToken cancellation)
    {
        var call = Call(MarketplaceFunctions.RequestState, request.Value);
        var answer = await AskOneAsync(call, cancellation).ConfigureAwait(false);
        return Refuses(answer, MarketRefusal.UnknownRequest)
            ? null
            : ContractCaller.Read(call, answer, ReturnValues.RequestState);
    }

    /// <summary>
    /// The last second in which a request can be filled; 0 when the contract does not know it. Source:
    /// <c>requestExpiry</c>.
    /// </summary>
    public Task<UnixSeconds> GetRequestExpiryAsync(RequestId request, CancellationToken cancellation) =>
        _caller.AskAsync(Call(MarketplaceFunctions.RequestExpiry, request.Value), ReturnValues.Time, cancellation);

    /// <summary>The state of a slot. Source: <c>slotState</c>.</summary>
    public Task<SlotState> GetSlotStateAsync(SlotKey slot, CancellationToken cancellation) => _caller.AskAsync(
        Call(MarketplaceFunctions.SlotState, slot.SlotId.Value), ReturnValues.SlotState, cancellation);

    /// <summary>Who fills a slot; the zero address when nobody does. Source: <c>getHost</c>.</summary>
    public Task<Address> GetHostAsync(SlotKey slot, CancellationToken cancellation) =>
        _caller.AskAsync(Call(MarketplaceFunctions.GetHost, slot.SlotId.Value), ReturnValues.Address, cancellation);

    /// <summary>
    /// Whether the host may reserve the slot. True also for slots that can never be filled. Source:
    /// <c>canReserveSlot</c>.
    /// </summary>
    public Task<bool> CanReserveSlotAsync(SlotKey slot, CancellationToken cancellation) => _caller.AskAsync(
        Call(MarketplaceFunctions.CanReserveSlot, new CallData(MarketplaceFunctions.CanReserveSlot).Add(slot)),
        ReturnValues.Boolean,
        cancellation);

    /// <summary>
    /// What a slot must prove. One message. Source: <c>isProofRequired</c>, <c>willProofBeRequired</c>,
    /// <c>getPointer</c>, <c>getChallenge</c>.
    /// </summary>
    public async Task<ProofDemand> GetProofDemandAsync(SlotKey slot, CancellationToken cancellation)
    {
        var id = slot.SlotId.Value;
        ContractCall[] calls =
        [
            Call(MarketplaceFunctions.IsProofRequired, id),
            Call(MarketplaceFunctions.WillProofBeRequired, id),
            Call(MarketplaceFunctions.GetPointer, id),
            Call(MarketplaceFunctions.GetChallenge, id),
        ];
        var answers = await _caller.AskAsync(calls, cancellation).ConfigureAwait(false);
        return new ProofDemand(
            ContractCaller.Read(calls[0], answers[0], ReturnValues.Boolean),
            ContractCaller.Read(calls[1], answers[1], ReturnValues.Boolean),
            ContractCaller.Read(calls[2], answers[2], ReturnValues.Byte),
            ContractCaller.Read(calls[3], answers[3], ReturnValues.Bytes32));
    }

    /// <summary>
    /// The slots that the contract lists as the host's. One message for the list, then two for every 50 slots. Source:
    /// <c>mySlots</c>, <c>getActiveSlot</c>, <c>requestExpiry</c>, <c>requestEnd</c>.
    /// </summary>
    public async Task<IReadOnlyList<HostedSlot>> GetMySlotsAsync(CancellationToken cancellation)
    {
        var ids = await _caller.AskAsync(Call(MarketplaceFunctions.MySlots), ReturnValues.SlotIds, cancellation)
            .ConfigureAwait(false);
        var slots = new List<HostedSlot>();
        foreach (var part in ids.Chunk(MostCallsAtOnce))
        {
            var active = await GetActiveSlotsAsync(part, cancellation).ConfigureAwait(false);
            slots.AddRange(await AddTimesAsync(active, cancellation).ConfigureAwait(false));
        }

        return slots;
    }

    /// <summary>How many tokens an account has, in the smallest unit. Source: ERC-20 <c>balanceOf</c>.</summary>
    public Task<UInt256> GetBalanceAsync(Address token, CancellationToken cancellation) => _caller.AskAsync(
        new ContractCall(
            host,
            token,
            TokenFunctions.BalanceOf,
            new CallData(TokenFunctions.BalanceOf).Add(host).ToBytes()),
        ReturnValues.Amount,
        cancellation);

    /// <summary>
    /// How many of the host's tokens the contract may take, in the smallest unit. Source: ERC-20 <c>allowance</c>.
    /// </summary>
    public Task<UInt256> GetAllowanceAsync(Address token, CancellationToken cancellation) => _caller.AskAsync(
        new ContractCall(
            host,
            token,
            TokenFunctions.Allowance,
            new CallData(TokenFunctions.Allowance).Add(host).Add(marketplace).ToBytes()),
        ReturnValues.Amount,
        cancellation);

    // A slot that is listed and yet free was paid out or lost in between: it is no longer the host's.
    private async Task<IReadOnlyList<(SlotKey Slot, StorageRequest Request)>> GetActiveSlotsAsync(
        SlotId[] ids, CancellationToken cancellation)
    {
        var calls = ids.Select(id => Call(MarketplaceFunctions.GetActiveSlot, id.Value)).ToList();
        var answers = await _caller.AskAsync(calls, cancellation).ConfigureAwait(false);
        return [.. calls.Zip(answers)
            .Where(asked => !Refuses(asked.Second, MarketRefusal.SlotIsFree))
            .Select(asked => ContractCaller.Read(asked.First, asked.Second, ReturnValues.ActiveSlot))
            .Select(active => (new SlotKey(RequestId.Of(active.Request), active.SlotIndex), active.Request))];
    }

    private async Task<IEnumerable<HostedSlot>> AddTimesAsync(
        IReadOnlyList<(SlotKey Slot, StorageRequest Request)> slots, CancellationToken cancellation)
    {
        ContractCall[] calls =
        [
            .. slots.Select(slot => Call(MarketplaceFunctions.RequestExpiry, slot.Slot.RequestId.Value)),
            .. slots.Select(slot => Call(MarketplaceFunctions.RequestEnd, slot.Slot.RequestId.Value)),
        ];
        var answers = await _caller.AskAsync(calls, cancellation).ConfigureAwait(false);
        var times = calls.Zip(answers, (call, answer) => ContractCaller.Read(call, answer, ReturnValues.Time))
            .ToImmutableArray();
        return slots.Select((slot, place) =>
            new HostedSlot(slot.Slot, slot.Request, times[place], times[slots.Count + place]));
    }

    private async Task<CallAnswer> AskOneAsync(ContractCall call, CancellationToken cancellation) =>
        (await _caller.AskAsync([call], cancellation).ConfigureAwait(false))[0];

    private static bool Refuses(CallAnswer answer, MarketRefusal refusal) =>
        answer is CallReverted reverted && reverted.Error.Refusal == refusal;

    private ContractCall Call(ContractFunction function) => new(host, marketplace, function, CallData.Of(function));

    private ContractCall Call(ContractFunction function, Bytes32 id) =>
        new(host, marketplace, function, CallData.Of(function, id));

    private ContractCall Call(ContractFunction function, CallData data) =>
        new(host, marketplace, function, data.ToBytes());
}
