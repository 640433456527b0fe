using System.Buffers.Binary;

namespace CodexSales.Rx.Tests.Queueing;

internal enum QueueStep
{
    Request,
    Fill,
    Free,
    ReserveFully,
    Fulfill,
    Cancel,
    Fail,
    Repeat,
    Revert,
    Wait,
    Take,
    GiveBack,
    GiveUp,
    SaveAvailability,
    Hold,
    Release,
    Resize,
    Subscribe,
    Unsubscribe,
}

/// <summary>A step and two numbers that say of what, each taken modulo what there is.</summary>
internal readonly record struct QueueOp(QueueStep Step, int A, int B)
{
    public override string ToString() => $"new(QueueStep.{Step}, {A}, {B})";
}

/// <summary>Runs steps on the real stages and on the model, and compares them after each.</summary>
internal sealed class QueueProgram : IDisposable
{
    private readonly QueueWorld _world;
    private readonly QueueModel _model;
    private readonly List<StorageRequested> _requests = [];
    private readonly List<(OpenSlot Slot, long Group)> _active = [];
    private readonly List<Hold> _holds = [];

    private QueueProgram(int capacity)
    {
        _world = new QueueWorld(capacity);
        _model = new QueueModel(capacity);
        _world.Ledger.Changes.Subscribe(change =>
        {
            if (change.Widens)
            {
                _model.ClearDeferred();
            }
        });
    }

    /// <summary>
    /// The first difference between stages and model, or what is left in the stages when all is over; or null.
    /// </summary>
    public static string? Check(int capacity, IReadOnlyList<QueueOp> program)
    {
        using var run = new QueueProgram(capacity);
        foreach (var (op, number) in program.Select((op, number) => (op, number)))
        {
            try
            {
                run.Do(op);
                run.Compare();
            }
            catch (Exception error)
            {
                return $"step {number}, {op}: {error.Message}";
            }
        }

        run.End();
        return Leftovers.Find(run._world.Stages);
    }

    public void Dispose() => _world.Dispose();

    private void Do(QueueOp op)
    {
        var request = _requests.Count > 0 ? _requests[op.A % _requests.Count] : null;
        switch (op.Step)
        {
            case QueueStep.Request:
                Happen(NewRequest(op.A, op.B));
                break;
            case QueueStep.Fill when request is not null:
                Happen(new SlotFilled(_world.Block, SlotOf(request, op.B)));
                break;
            case QueueStep.Free when request is not null:
                Happen(new SlotFreed(_world.NextBlock(1), SlotOf(request, op.B)));
                break;
            case QueueStep.ReserveFully when request is not null:
                Happen(new SlotReservationsFull(_world.Block, SlotOf(request, op.B)));
                break;
            case QueueStep.Fulfill when request is not null:
                Happen(new RequestFulfilled(_world.Block, request.RequestId));
                break;
            case QueueStep.Cancel when request is not null:
                Happen(new RequestCancelled(_world.Block, request.RequestId));
                break;
            case QueueStep.Fail when request is not null:
                Happen(new RequestFailed(_world.Block, request.RequestId));
                break;
            case QueueStep.Repeat when request is not null:
                Happen(request with { });
                break;
            case QueueStep.Revert when _model.Standing.Count > 0:
                Happen(new Reverted(_world.Block, _model.Standing[^1]));
                break;
            case QueueStep.Wait:
                _world.NextBlock((ulong)(op.A % 40));
                break;
            case QueueStep.Take:
                Take();
                break;
            case QueueStep.GiveBack or QueueStep.GiveUp when _active.Count > 0:
                Return(op.A % _active.Count, again: op.Step == QueueStep.GiveBack);
                break;
            case QueueStep.SaveAvailability:
                _world.Ledger.Save(NewAvailability(op.A, op.B));
                break;
            case QueueStep.Hold when request is not null:
                Hold(request);
                break;
            case QueueStep.Release when _holds.Count > 0:
                _world.Ledger.Release(_holds[op.A % _holds.Count]);
                _holds.RemoveAt(op.A % _holds.Count);
                break;
            case QueueStep.Resize:
                _world.Queue.SetCapacity(_model.Capacity = 1 + (op.A % 8));
                break;
            case QueueStep.Subscribe when _world.Replayed.Count < 4:
                _world.Subscribe();
                break;
            case QueueStep.Unsubscribe when _world.Replayed.Count > 1:
                _world.Unsubscribe(op.A % _world.Replayed.Count);
                break;
        }

        _world.Time.RunDue();
    }

    private void Happen(MarketEvent happened)
    {
        if (happened is StorageRequested requested
            && _requests.TrueForAll(each => each.RequestId != requested.RequestId))
        {
            _requests.Add(requested);
        }

        if (happened is Reverted { Original: StorageRequested taken })
        {
            _requests.RemoveAll(each => each.RequestId == taken.RequestId);
            _active.RemoveAll(each => each.Slot.Terms.RequestId == taken.RequestId && Drop(each.Slot));
        }

        _world.Happen(happened);
        _model.Happen(happened);
    }

    // A request that never was takes its sales with it.
    private bool Drop(OpenSlot slot)
    {
        _world.Return(slot, again: false);
        return true;
    }

    private void Take()
    {
        var expected = _model.Queue(_world.Now, _world.Ledger.Snapshot).Where(slot => !slot.IsDeferred).Take(1).ToList();
        var best = _world.Take();
        Assert.Equal(
            expected.Select(slot => (slot.Terms.RequestId, slot.Group)),
            best is null ? [] : [(best.Terms.RequestId, _model.GroupOf(best.Slot))]);
        if (best is not null)
        {
            _active.Add((best, _model.GroupOf(best.Slot)));
            _model.Take(best.Slot);
        }
    }

    private void Return(int number, bool again)
    {
        var (slot, group) = _active[number];
        _active.RemoveAt(number);
        _model.Return(slot.Slot, again, wasFreedMeanwhile: _model.GroupOf(slot.Slot) != group, _world.Now);
        _world.Return(slot, again);
    }

    private void Hold(StorageRequested request)
    {
        var terms = new SlotTerms
        {
            RequestId = request.RequestId,
            Ask = request.Ask,
            Reward = 1,
            Collateral = request.Ask.CollateralPerByte * request.Ask.SlotSizeBytes,
            ExpiresAt = request.ExpiresAt,
            EndsAt = request.EndsAt,
        };
        if (_world.Ledger.Reserve(terms, 0, out _) is { } hold)
        {
            _holds.Add(hold);
        }
    }

    // Every sale ends, every availability is removed, every request is over, and a later block is told.
    private void End()
    {
        _active.ForEach(sale => _world.Return(sale.Slot, again: true));
        _holds.ForEach(_world.Ledger.Release);
        _world.Ledger.Snapshot.ToList().ForEach(each => _world.Ledger.Remove(each.Availability.Id));
        for (var block = 0; block < 3; block++)
        {
            _world.Happen(new ProofSubmitted(_world.NextBlock(10_000), default));
        }
    }

    private void Compare()
    {
        var expected = _model.Queue(_world.Now, _world.Ledger.Snapshot);
        var actual = _world.Queued;
        Assert.Equal(
            expected.Select(slot => Describe(slot.Terms, slot.Group, slot.IsDeferred)),
            actual.Select(slot => Describe(slot.Terms, _model.GroupOf(slot.Slot), slot.IsDeferred)));
        Assert.Equal(actual.Count, actual.Select(slot => slot.Slot).Distinct().Count());
        Assert.All(_world.Replayed, replayed => Assert.Equal(actual, replayed));
        Assert.Equal(actual, _world.Queue.Page(0, actual.Count + 1).Items);
        Assert.Equal(actual.Count(slot => !slot.IsDeferred), _world.Queue.TakeableCount);
        Assert.Equal((UInt128)_model.OpenSlotCount(_world.Now), _world.OpenSlotCount);
    }

    private static string Describe(SlotTerms terms, long group, bool isDeferred) =>
        $"{terms.RequestId.ToShortString()} group {group} for {terms.Collateral}{(isDeferred ? " seen" : "")}";

    // Few values of each kind, so that many things are equal.
    private StorageRequested NewRequest(int a, int b)
    {
        Span<byte> id = stackalloc byte[32];
        BinaryPrimitives.WriteInt32BigEndian(id[28..], _requests.Count == 0 ? 1 : a % 7 + 1);
        var ask = new StorageAsk
        {
            ProofProbability = 1,
            PricePerBytePerSecond = (ulong)(1 + (a % 3)),
            CollateralPerByte = (ulong)(10 + (b % 2)),
            Slots = (ulong)(1 + (b % 4)),
            SlotSizeBytes = (ulong)(10 * (1 + (b % 3))),
            DurationSeconds = (ulong)(100 * (1 + (a % 2))),
            MaxSlotLoss = 1,
        };
        var expiresAt = _world.Now.Plus((ulong)(20 + (a % 3 * 20)));
        return new StorageRequested(_world.Block, new RequestId(new Bytes32(id)), ask, expiresAt);
    }

    private static Availability NewAvailability(int a, int b) => new()
    {
        Id = new AvailabilityId($"v{a % 2}"),
        TotalBytes = (ulong)(5 + (10 * (b % 9))),
        MaxDurationSeconds = b % 5 == 0 ? 100UL : 200UL,
        MinPricePerBytePerSecond = (ulong)(a % 4),
        TotalCollateral = (ulong)(100 * (1 + (a % 8))),
        IsDisabled = (a + b) % 6 == 0,
        Until = b % 7 == 0 ? QueueWorld.Start.Plus(150) : null,
    };

    private static SlotKey SlotOf(StorageRequested request, int b) =>
        new(request.RequestId, (ulong)b % request.Ask.Slots);
}
