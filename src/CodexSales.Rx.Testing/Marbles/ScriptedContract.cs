using System.Buffers.Binary;
using System.Text;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>The contract of a specification, which follows lanes, scripts and the pipeline's transactions.</summary>
/// <remarks>Each event is in a block of its own second, and everybody knows of it at once.</remarks>
internal sealed class ScriptedContract(VirtualTime time, SlotNames names)
{
    public static readonly Address Us = Address.Parse("0x1111111111111111111111111111111111111111");
    public static readonly Address Another = Address.Parse("0x2222222222222222222222222222222222222222");

    private readonly Dictionary<RequestId, ScriptedRequest> _requests = [];
    private readonly List<MarketEvent> _happened = [];
    private ulong _period;
    private ulong _challengesChanged;

    public Action<MarketEvent> Publish { get; set; } = _ => { };

    public BlockStamp Block => new((ulong)time.Elapsed.TotalSeconds + 1, time.ChainTime);

    public ulong PeriodSeconds { get; init; } = 1;

    public ulong Period => time.ChainTime.Value / PeriodSeconds;

    public Bytes32 Challenge
    {
        get
        {
            Span<byte> challenge = stackalloc byte[Bytes32.Size];
            BinaryPrimitives.WriteUInt64BigEndian(challenge, Period);
            BinaryPrimitives.WriteUInt64BigEndian(challenge[sizeof(ulong)..], _challengesChanged);
            return new Bytes32(challenge);
        }
    }

    public bool AreProofsWanted { get; set; }

    public ScriptedRequest? Find(RequestId id) => _requests.GetValueOrDefault(id);

    public ScriptedSlot? Find(SlotKey slot) => Find(slot.RequestId)?[slot.SlotIndex];

    public SlotState StateOf(SlotKey slot) => Find(slot.RequestId) is { } request
        ? request[slot.SlotIndex].StateAt(request.StateAt(time.ChainTime), time.Now)
        : SlotState.Free;

    public IReadOnlyList<HostedSlot> MySlots() =>
    [
        .. from request in _requests
           from slot in request.Value.Slots
           where slot.Value is { Holder: SlotHolder.Us, IsPaid: false, IsWrittenOff: false }
           let key = new SlotKey(request.Key, slot.Key)
           select new HostedSlot(key, request.Value.Request, request.Value.ExpiresAt, request.Value.EndsAt),
    ];

    public static BlockStamp BlockAt(ulong number) =>
        new(number, UnixSeconds.From(VirtualTime.Start).Plus(number - 1));

    /// <summary>Marks the proofs as missing that the periods since the last call wanted and did not get.</summary>
    public void CountMissedProofs()
    {
        var period = Period;
        if (AreProofsWanted && _period > 0 && period > _period)
        {
            var filled = from request in _requests.Values
                         from slot in request.Slots
                         where slot.Value.Holder == SlotHolder.Us
                             && slot.Value.StateAt(request.StateAt(time.ChainTime), time.Now) == SlotState.Filled
                             && slot.Value.FilledAt.Value / PeriodSeconds < _period
                             && slot.Value.ProvedPeriod < _period
                         select slot.Value;
            foreach (var slot in filled.ToList())
            {
                slot.MissedProofs++;
            }
        }

        _period = period;
    }

    public void Fill(SlotKey key, SlotHolder holder)
    {
        var slot = Of(key.RequestId)[key.SlotIndex];
        (slot.MissedProofs, slot.ProvedPeriod) = (0, 0);
        (slot.Holder, slot.WasFilled, slot.FilledAt) = (holder, true, time.ChainTime);
        Happen(new SlotFilled(Block, key));
        if (Of(key.RequestId) is { IsFull: true, IsStarted: false })
        {
            Start(key.RequestId);
        }
    }

    public void Reserve(SlotKey key) => Of(key.RequestId)[key.SlotIndex].IsReservedByUs = true;

    public void ReserveFully(SlotKey key)
    {
        Of(key.RequestId)[key.SlotIndex].IsFullyReserved = true;
        Happen(new SlotReservationsFull(Block, key));
    }

    public void FreeFilled(SlotKey key)
    {
        var slot = Of(key.RequestId)[key.SlotIndex];
        (slot.HeldBefore, slot.Holder) = (slot.Holder, SlotHolder.Nobody);
        (slot.IsFullyReserved, slot.IsReservedByUs) = (false, false);
        Happen(new SlotFreed(Block, key));
    }

    public void Ask(RequestInput input)
    {
        var id = SlotNames.IdOf(input.Name);
        if (_requests.ContainsKey(id))
        {
            Publish(_happened.OfType<StorageRequested>().Last(happened => happened.RequestId == id));
            return;
        }

        var request = new ScriptedRequest(RequestOf(input), time.ChainTime);
        _requests.Add(id, request);
        Happen(new StorageRequested(Block, id, input.Ask, request.ExpiresAt));
    }

    public void Start(RequestId id)
    {
        Of(id).IsStarted = true;
        Happen(new RequestFulfilled(Block, id));
    }

    public void Cancel(RequestId id) => Happen(new RequestCancelled(Block, id));

    public void Fail(RequestId id)
    {
        Of(id).IsFailed = true;
        Happen(new RequestFailed(Block, id));
    }

    public void ChangeChallenge() => _challengesChanged++;

    /// <summary>A reorganisation takes back the last event of a kind.</summary>
    public void Revert(string kind, RequestId id) => Revert($"{kind} {names.NameOf(id)}", happened => (kind, happened) switch
    {
        ("request", StorageRequested requested) => requested.RequestId == id,
        ("fulfilled", RequestFulfilled fulfilled) => fulfilled.RequestId == id,
        ("cancelled", RequestCancelled cancelled) => cancelled.RequestId == id,
        ("failed", RequestFailed failed) => failed.RequestId == id,
        _ => false,
    });

    public void Revert(string kind, SlotKey slot) => Revert($"{kind} {names.NameOf(slot)}", happened => (kind, happened) switch
    {
        ("filled", SlotFilled filled) => filled.Slot == slot,
        ("freed", SlotFreed freed) => freed.Slot == slot,
        ("full", SlotReservationsFull full) => full.Slot == slot,
        _ => false,
    });

    private void Revert(string what, Func<MarketEvent, bool> isMeant)
    {
        var original = _happened.LastOrDefault(isMeant) ?? throw new TooEarlyException($"'{what}' has not happened yet.");
        Undo(original);
        _happened.Remove(original);
        Publish(new Reverted(Block, original));
    }

    private void Undo(MarketEvent original)
    {
        switch (original)
        {
            case StorageRequested { RequestId: var id }:
                _requests.Remove(id);
                break;
            case RequestFulfilled { RequestId: var id }:
                Of(id).IsStarted = false;
                break;
            case RequestFailed { RequestId: var id }:
                Of(id).IsFailed = false;
                break;
            case SlotFilled { Slot: var key }:
                (Find(key)!.Holder, Find(key)!.WasFilled) = (SlotHolder.Nobody, false); // A filled slot is known.
                break;
            case SlotFreed { Slot: var key }:
                Find(key)!.Holder = Find(key)!.HeldBefore; // A freed slot is known.
                break;
            case SlotReservationsFull { Slot: var key }:
                Find(key)!.IsFullyReserved = false; // A reserved slot is known.
                break;
        }
    }

    private ScriptedRequest Of(RequestId id) => Find(id)
        ?? throw new TooEarlyException($"there is no request {names.NameOf(id)} yet.");

    private void Happen(MarketEvent happened)
    {
        _happened.Add(happened);
        Publish(happened);
    }

    // The id is the name's, not the content's: the pipeline takes it as it comes.
    private static StorageRequest RequestOf(RequestInput input) => new()
    {
        Client = Address.Parse("0x3333333333333333333333333333333333333333"),
        Ask = input.Ask,
        Cid = [.. Encoding.UTF8.GetBytes(input.Name)],
        MerkleRoot = default,
        ExpirySeconds = input.ExpirySeconds,
        Nonce = default,
    };
}

/// <summary>An input needs something that has not happened yet.</summary>
internal sealed class TooEarlyException(string message) : InvalidOperationException(message);
