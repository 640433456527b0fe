using System.Reactive.Linq;
using BenchmarkDotNet.Attributes;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Working;

namespace CodexSales.Rx.Benchmarks.Pipeline;

/// <summary>Slots from the queue to three workers that are done at once, in virtual time.</summary>
public class WorkerStage
{
    private const int SlotsPerRun = 50_000;

    private readonly Random _random = new(1);
    private VirtualTime _time = new();
    private SlotQueue _queue = SampleGroups.QueueOf(1, []);
    private SlotGroupChanges[] _opened = [];
    private long _done;

    /// <summary>How many slots come at once.</summary>
    [Params(1UL, 10UL)]
    public ulong SlotsOfRequest { get; set; }

    [GlobalSetup]
    public void Start()
    {
        _time = new VirtualTime(stepsPerMoment: long.MaxValue);
        _queue = SampleGroups.QueueOf(1_000, []);
        var workers = new Workers(3, 3, _queue, _time, failure => throw failure);
        workers.Occupy(slot => Observable.Return(slot, _time)).Subscribe(_ => _done++);
        workers.NoteEvents(areTold: true); // Without it they take nothing, and the queue overflows.
        _time.RunDue();
    }

    [IterationSetup]
    public void MakeRequests() => _opened =
    [
        .. Enumerable.Range(1, SlotsPerRun / (int)SlotsOfRequest)
            .Select(number => SampleGroups.Opened(SampleGroups.Request(number, SlotsOfRequest, _random))),
    ];

    [Benchmark(OperationsPerInvoke = SlotsPerRun)]
    public long TakeAll()
    {
        foreach (var opened in _opened)
        {
            _queue.Apply(opened);
            _time.RunDue();
        }

        return _done;
    }
}
