namespace CodexSales.Rx.Testing.Contract;

/// <summary>The Marketplace contract's state and rules, in memory, without a clock: each call says its block.</summary>
/// <remarks>Each rule checks all that the contract checks, in its order, before it writes: a refusal leaves no trace.
/// Source: <c>Marketplace.sol</c>, <c>Proofs.sol</c>, <c>SlotReservations.sol</c>.</remarks>
internal sealed partial class SimulatedContract
{
    public static readonly Address Account = Address.Parse("0x00000000000000000000000000000000c0de0001");

    /// <summary>The account to which validators' rewards go.</summary>
    public static readonly Address Validator = Address.Parse("0x00000000000000000000000000000000c0de0002");

    private readonly SimulatedChainOptions _options;
    private readonly ProofDraw _draw;
    private readonly ReservationBook _reservations;
    private readonly Dictionary<RequestId, RequestRecord> _requests = [];
    private readonly Dictionary<SlotKey, ContractSlot> _slots = [];
    private readonly Dictionary<SlotId, ContractSlot> _slotsById = [];
    private readonly Dictionary<Address, List<ContractSlot>> _slotsOfHost = [];

    public SimulatedContract(SimulatedChainOptions options, BlockHashes? hashes = null, ulong origin = 0)
        : this(
            options,
            new ProofDraw(options, hashes ?? new BlockHashes(options.Seed), origin),
            new ReservationBook(options.MaxReservations),
            new TokenLedger())
    {
    }

    private SimulatedContract(
        SimulatedChainOptions options, ProofDraw draw, ReservationBook reservations, TokenLedger tokens) =>
        (_options, _draw, _reservations, Tokens) = (options, draw, reservations, tokens);

    public TokenLedger Tokens { get; }

    public RequestRecord? FindRequest(RequestId request) => _requests.GetValueOrDefault(request);

    public SlotState GetSlotState(UnixSeconds now, SlotKey slot) => FindSlot(slot)?.StateAt(now) ?? SlotState.Free;

    public Address GetHost(SlotKey slot) => FindSlot(slot)?.Host ?? default;

    public UInt256 GetCollateral(SlotKey slot) => FindSlot(slot)?.Collateral ?? UInt256.Zero;

    public bool CanReserve(UnixSeconds now, Address host, SlotKey slot) =>
        GetSlotState(now, slot) is SlotState.Free or SlotState.Repair
        && !_reservations.IsFull(slot)
        && !_reservations.Has(slot, host);

    /// <summary>The slots of a host, until it is paid for them or loses them.</summary>
    public IReadOnlyList<ContractSlot> FindSlotsOf(Address host) =>
        _slotsOfHost.TryGetValue(host, out var slots) ? slots : [];

    public ContractSlot? FindSlot(SlotKey slot) => _slots.GetValueOrDefault(slot);

    /// <summary>The same state, which what happens here from now on does not change. O(requests and slots).</summary>
    public SimulatedContract Copy()
    {
        var copy = new SimulatedContract(_options, _draw, _reservations.Copy(), Tokens.Copy());
        foreach (var (id, request) in _requests)
        {
            copy._requests.Add(id, request.Copy());
        }

        foreach (var (key, slot) in _slots)
        {
            var copied = slot.CopyOf(copy._requests[key.RequestId]);
            copy._slots.Add(key, copied);
            copy._slotsById.Add(slot.Id, copied);
        }

        copy._watched.AddRange(_watched.Select(slot => copy._slots[slot.Key]));
        foreach (var (host, slots) in _slotsOfHost)
        {
            copy._slotsOfHost.Add(host, [.. slots.Select(slot => copy._slots[slot.Key])]);
        }

        return copy;
    }

    private void Pay(Address to, UInt256 amount)
    {
        if (!Tokens.TryTransfer(Account, to, amount))
        {
            throw new InvalidOperationException(
                $"The contract owns {Tokens.BalanceOf(Account)} and owes {amount} to {to}: a rule is wrong.");
        }
    }
}
