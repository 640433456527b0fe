namespace CodexSales.Rx.Ethereum.Calls;

/// <summary>What the Marketplace contract and its token say of a host's slots and money.</summary>
/// <remarks>
/// Questions are as of the caller's block, by its hash where the node takes one, and sent as the host; constants of the
/// contract as of the node's newest block. Errors: <see cref="MarketUnavailableException"/> when a question is not
/// answered, the node does not know the block, or the answer is not exactly as the contract encodes it. Threading: any
/// thread.
/// </remarks>
/// <param name="transport">How the node is asked.</param>
/// <param name="marketplace">The contract.</param>
/// <param name="host">The host's account.</param>
public sealed class MarketplaceCalls(IRpcTransport transport, Address marketplace, Address host)
{
    // A message of many more calls than this is refused by some providers.
    private const int MostSlotsAtOnce = 50;

    private readonly ContractCaller _caller = new(transport);

    /// <summary>The contract.</summary>
    public Address Marketplace => marketplace;

    /// <summary>The host's account.</summary>
    public Address Host => host;

    /// <summary>The contract's constants. Source: <c>configuration</c>.</summary>
    public Task<MarketplaceConfiguration> GetConfigurationAsync(CancellationToken cancellationToken = default) =>
        _caller.AskAsync(
        Call(MarketplaceFunctions.Configuration), ReturnValues.Configuration, null, cancellationToken);

    /// <summary>The token that the contract pays and takes. Source: <c>token</c>.</summary>
    public Task<Address> GetTokenAsync(CancellationToken cancellationToken = default) =>
        _caller.AskAsync(Call(MarketplaceFunctions.Token), ReturnValues.Address, null, cancellationToken);

    /// <summary>Configuration and token, in one message.</summary>
    public async Task<(MarketplaceConfiguration Configuration, Address Token)> GetConstantsAsync(
        CancellationToken cancellationToken = default)
    {
        ContractCall[] calls = [Call(MarketplaceFunctions.Configuration), Call(MarketplaceFunctions.Token)];
        var answers = await _caller.AskAsync(calls, null, cancellationToken).ConfigureAwait(false);
        return (
            ContractCaller.Read(calls[0], answers[0], ReturnValues.Configuration),
            ContractCaller.Read(calls[1], answers[1], ReturnValues.Address));
    }

    /// <summary>The view of a slot, where proof periods have so many seconds. One message of nine calls.</summary>
    public async Task<SlotView> GetSlotAsync(
        SlotKey slot, ulong periodSeconds, BlockStamp asOf, CancellationToken cancellationToken = default)
    {
        var calls = ViewCalls(slot);
        var answers = await _caller.AskAsync(calls, asOf, cancellationToken).ConfigureAwait(false);
        return ReadView(calls, answers, periodSeconds, asOf);
    }

    /// <summary>The facts that a host needs before it reserves a slot. One message of twelve calls.</summary>
    public async Task<SlotOffer> GetOfferAsync(
        SlotKey slot,
        Address token,
        ulong periodSeconds,
        BlockStamp asOf,
        CancellationToken cancellationToken = default)
    {
        var request = Call(MarketplaceFunctions.GetRequest, slot.RequestId.Value);
        var reserving = Call(
            MarketplaceFunctions.CanReserveSlot, CallData.To(MarketplaceFunctions.CanReserveSlot).Add(slot));
        var funds = BalanceCall(token);
        var view = ViewCalls(slot);
        var answers = await _caller.AskAsync([request, reserving, funds, .. view], asOf, cancellationToken)
            .ConfigureAwait(false);
        return new SlotOffer(
            ReadView(view, [.. answers.Skip(3)], periodSeconds, asOf),
            Refuses(answers[0], MarketRefusal.UnknownRequest)
                ? null
                : ContractCaller.Read(request, answers[0], ReturnValues.Request),
            ContractCaller.Read(reserving, answers[1], ReturnValues.Boolean),
            ContractCaller.Read(funds, answers[2], ReturnValues.Amount));
    }

    /// <summary>The slots that the contract lists as the host's. Source: <c>mySlots</c>.</summary>
    public Task<IReadOnlyList<SlotId>> GetMySlotsAsync(
        BlockStamp asOf, CancellationToken cancellationToken = default) =>
        _caller.AskAsync(Call(MarketplaceFunctions.MySlots), ReturnValues.SlotIds, asOf, cancellationToken);

    /// <summary>
    /// Those of the slots that some host fills, with their requests. Two messages for every 50 slots. Source:
    /// <c>getActiveSlot</c>, <c>requestExpiry</c>, <c>requestEnd</c>.
    /// </summary>
    public async Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(slots);
        var hosted = new List<HostedSlot>();
        foreach (var part in slots.Chunk(MostSlotsAtOnce))
        {
            var active = await GetActiveSlotsAsync(part, asOf, cancellationToken).ConfigureAwait(false);
            hosted.AddRange(await AddTimesAsync(active, asOf, cancellationToken).ConfigureAwait(false));
        }

        return hosted;
    }

    /// <summary>The host's tokens, in the smallest unit; as of the node's newest block when none is given.</summary>
    public Task<UInt256> GetBalanceAsync(
        Address token, BlockStamp? asOf, CancellationToken cancellationToken = default) =>
        _caller.AskAsync(BalanceCall(token), ReturnValues.Amount, asOf, cancellationToken);

    /// <summary>What the host has, as of a block. Source: <c>eth_getBalance</c>, <c>balanceOf</c>, <c>allowance</c>.</summary>
    public async Task<AccountBalances> GetBalancesAsync(Address token, BlockStamp asOf, CancellationToken cancellation)
    {
        ContractCall[] calls =
        [
            BalanceCall(token),
            new(host, token, TokenFunctions.Allowance, CallData.To(TokenFunctions.Allowance).Add(host).Add(marketplace).ToBytes()),
        ];

        // Asked at once, so that they can share a message. Not every node takes a hash here: by the height, nothing is decided by it.
        var asked = transport.AskAsync(NodeQuestions.GetBalance(host, BlockTag.At(asOf.Number)), cancellation);
        var answers = await _caller.AskAsync(calls, asOf, cancellation).ConfigureAwait(false);
        var ether = await asked.ConfigureAwait(false);
        return new AccountBalances(
            asOf,
            ether is RpcResult result && NodeAnswers.ReadAmount(result) is { } wei
                ? wei
                : throw new MarketUnavailableException($"The node does not say what {host} has as of block {asOf.Number}."),
            ContractCaller.Read(calls[0], answers[0], ReturnValues.Amount),
            ContractCaller.Read(calls[1], answers[1], ReturnValues.Amount));
    }

    private ContractCall[] ViewCalls(SlotKey slot)
    {
        var id = slot.SlotId.Value;
        return
        [
            Call(MarketplaceFunctions.SlotState, id),
            Call(MarketplaceFunctions.GetHost, id),
            Call(MarketplaceFunctions.RequestState, slot.RequestId.Value),
            Call(MarketplaceFunctions.CurrentCollateral, id),
            Call(MarketplaceFunctions.MissingProofs, id),
            Call(MarketplaceFunctions.IsProofRequired, id),
            Call(MarketplaceFunctions.WillProofBeRequired, id),
            Call(MarketplaceFunctions.GetPointer, id),
            Call(MarketplaceFunctions.GetChallenge, id),
        ];
    }

    // In the order of the calls.
    private static SlotView ReadView(
        ContractCall[] calls, IReadOnlyList<CallAnswer> answers, ulong periodSeconds, BlockStamp asOf)
    {
        var host = ContractCaller.Read(calls[1], answers[1], ReturnValues.Address);
        return new SlotView
        {
            AsOf = asOf,
            State = ContractCaller.Read(calls[0], answers[0], ReturnValues.SlotState),
            Host = host == default ? null : host,
            RequestState = Refuses(answers[2], MarketRefusal.UnknownRequest)
                ? null
                : ContractCaller.Read(calls[2], answers[2], ReturnValues.RequestState),
            Collateral = ContractCaller.Read(calls[3], answers[3], ReturnValues.Amount),
            MissedProofs = ContractCaller.Read(calls[4], answers[4], ReturnValues.Number),
            Demand = IsPanic(answers[5]) || IsPanic(answers[6])
                ? null
                : new ProofDemand(
                    asOf.Time.Value / Math.Max(1, periodSeconds),
                    ContractCaller.Read(calls[5], answers[5], ReturnValues.Boolean),
                    ContractCaller.Read(calls[6], answers[6], ReturnValues.Boolean),
                    ContractCaller.Read(calls[7], answers[7], ReturnValues.Byte),
                    ContractCaller.Read(calls[8], answers[8], ReturnValues.Bytes32)),
        };
    }

    private ContractCall BalanceCall(Address token) => new(
        host, token, TokenFunctions.BalanceOf, CallData.To(TokenFunctions.BalanceOf).Add(host).ToBytes());

    // A slot that is listed and yet free was paid out or lost in between: it is no longer the host's.
    private async Task<IReadOnlyList<(SlotKey Slot, StorageRequest Request)>> GetActiveSlotsAsync(
        SlotId[] ids, BlockStamp asOf, CancellationToken cancellationToken)
    {
        var calls = ids.Select(id => Call(MarketplaceFunctions.GetActiveSlot, id.Value)).ToList();
        var answers = await _caller.AskAsync(calls, asOf, cancellationToken).ConfigureAwait(false);
        return [.. calls.Zip(answers)
            .Where(asked => !Refuses(asked.Second, MarketRefusal.SlotIsFree))
            .Select(asked => ContractCaller.Read(asked.First, asked.Second, ReturnValues.ActiveSlot))
            .Select(active => (new SlotKey(RequestId.Of(active.Request), active.SlotIndex), active.Request))];
    }

    private async Task<IEnumerable<HostedSlot>> AddTimesAsync(
        IReadOnlyList<(SlotKey Slot, StorageRequest Request)> slots,
        BlockStamp asOf,
        CancellationToken cancellationToken)
    {
        ContractCall[] calls =
        [
            .. slots.Select(slot => Call(MarketplaceFunctions.RequestExpiry, slot.Slot.RequestId.Value)),
            .. slots.Select(slot => Call(MarketplaceFunctions.RequestEnd, slot.Slot.RequestId.Value)),
        ];
        var answers = await _caller.AskAsync(calls, asOf, cancellationToken).ConfigureAwait(false);
        var times = calls.Zip(answers, (call, answer) => ContractCaller.Read(call, answer, ReturnValues.Time))
            .ToImmutableArray();
        return slots.Select((slot, place) =>
            new HostedSlot(slot.Slot, slot.Request, times[place], times[slots.Count + place]));
    }

    private static bool Refuses(CallAnswer answer, MarketRefusal refusal) =>
        answer is CallReverted reverted && reverted.Error.Refusal == refusal;

    // An overflow or underflow in the contract's arithmetic.
    private static bool IsPanic(CallAnswer answer) => answer is CallReverted { Error: Panic };

    private ContractCall Call(ContractFunction function) => new(host, marketplace, function, CallData.Of(function));

    private ContractCall Call(ContractFunction function, Bytes32 id) =>
        new(host, marketplace, function, CallData.Of(function, id));

    private ContractCall Call(ContractFunction function, AbiWords data) =>
        new(host, marketplace, function, data.ToBytes());
}
