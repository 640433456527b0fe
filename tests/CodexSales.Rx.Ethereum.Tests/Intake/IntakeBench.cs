using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>An intake of a fake node's chain, and what comes of it.</summary>
internal sealed class IntakeBench
{
    private int _requests;

    public IntakeBench(MarketIntakeOptions? options = null, ICursorStore? cursors = null, FakeNode? node = null)
    {
        Node = node ?? new FakeNode();
        Link = new FakeLink(Node, Time);
        Intake = new MarketIntake(Link, Recording.Marketplace, options, cursors, Time);
        Health = Time.Record(Intake.Health);
        Heads = Time.Record(Intake.Heads);
        FinalHeads = Time.Record(Intake.FinalHeads);
    }

    public VirtualTime Time { get; } = new();

    public FakeNode Node { get; }

    public FakeLink Link { get; }

    public MarketIntake Intake { get; }

    public RecordingObserver<IntakeHealth> Health { get; }

    public RecordingObserver<BlockStamp> Heads { get; }

    public RecordingObserver<BlockStamp> FinalHeads { get; }

    /// <summary>The blocks whose events were all told, in order, and how many events there were by then.</summary>
    public List<(BlockStamp Block, int Events)> Completed { get; } = [];

    /// <summary>What was told, in order.</summary>
    public List<MarketEvent> Told { get; } = [];

    /// <summary>What was told and not taken back since.</summary>
    public List<MarketEvent> Net { get; } = [];

    public Exception? Error { get; private set; }

    public IntakeHealth LastHealth => Health.Values[^1].Value;

    public IDisposable Start() => Intake.Events.Subscribe(Take, error => Error = error);

    /// <summary>Starts, and goes on until all is told.</summary>
    public void Catch()
    {
        Start();
        Pass(TimeSpan.FromMinutes(1));
    }

    public void Pass(TimeSpan span) => Time.AdvanceBy(span);

    /// <summary>Something that happens, different each time.</summary>
    public Func<BlockStamp, MarketEvent> Something()
    {
        var request = new RequestId(Keccak256.Hash(BitConverter.GetBytes(++_requests)));
        var key = new SlotKey(request, (ulong)(_requests % 7));
        return (_requests % 4) switch
        {
            0 => block => new SlotFreed(block, key),
            1 => block => new RequestFulfilled(block, key.RequestId),
            2 => block => new StorageRequested(
                block,
                key.RequestId,
                new StorageAsk
                {
                    ProofProbability = 1, PricePerBytePerSecond = 1, CollateralPerByte = 1, Slots = 7,
                    SlotSizeBytes = 1, DurationSeconds = 1, MaxSlotLoss = 1,
                },
                new UnixSeconds(5)),
            _ => block => new SlotFilled(block, key),
        };
    }

    public void MineWithEvents(int blocks, int perBlock = 1)
    {
        for (var i = 0; i < blocks; i++)
        {
            Node.Mine(Enumerable.Range(0, perBlock).Select(_ => Something()));
        }
    }

    /// <summary>What is told is what the chain says, whole and in order.</summary>
    public void AssertComplete()
    {
        Assert.Null(Error);
        Assert.Equal(Node.Events, Net);
    }

    /// <summary>Notes what is told, and that it fits to what was told before.</summary>
    public void Take(MarketEvent happened)
    {
        if (happened is BlockTold told)
        {
            Assert.True(Net.Count == 0 || Net[^1].Block.Number <= told.Block.Number);
            Completed.Add((told.Block, Told.Count));
            return;
        }

        Told.Add(happened);
        if (happened is Reverted reverted)
        {
            // Newest first: what is taken back is the last that is left.
            Assert.Equal(Net[^1], reverted.Original);
            Net.RemoveAt(Net.Count - 1);
        }
        else
        {
            Assert.True(Net.Count == 0 || Net[^1].Block.Number <= happened.Block.Number);
            Net.Add(happened);
        }
    }
}
