using CodexSales.Rx.Queueing;
using CodexSales.Rx.Resilience;

namespace CodexSales.Rx;

/// <summary>The limits and choices of a <see cref="SalesPipeline"/>. Checked when the pipeline is made.</summary>
public sealed record SalesPipelineOptions
{
    private int _maxWorkers = 3;

    /// <summary>
    /// How many slots are acquired at once. A slot that is filled is hosted outside of this limit. Can be changed while
    /// the pipeline runs.
    /// </summary>
    /// <value>3 by default; from 0 to <see cref="MaxWorkers"/>. With 0 the queue is kept, and nothing is sold.</value>
    public int Workers { get; set; } = 3;

    /// <summary>The most that <see cref="Workers"/> can be changed to while the pipeline runs.</summary>
    /// <value>3 by default, or <see cref="Workers"/> where that is more; from 1 to 1,000.</value>
    public int MaxWorkers
    {
        get => Math.Max(_maxWorkers, Workers);
        set => _maxWorkers = value;
    }

    /// <summary>
    /// How many slots the queue holds. More wait outside of it, in the same order. Can be changed while the pipeline
    /// runs.
    /// </summary>
    /// <value>128 by default; from 1 to 1,000,000.</value>
    public int QueueCapacity { get; set; } = 128;

    /// <summary>
    /// How many requests are kept track of. When there are more, the least useful gives way, and is refused with that
    /// reason: one that is over, else one of which nothing can be filled now, else one that no availability takes, else
    /// the one that pays least. A request with a sale of this host never gives way.
    /// </summary>
    /// <value>100,000 by default; at least 1.</value>
    public int MaxRequests { get; set; } = 100_000;

    /// <summary>The most changed slots of one request to keep track of; a request with more is dropped.</summary>
    /// <value>65,536 by default; at least 1.</value>
    public int MaxChangedSlotsPerRequest { get; set; } = 65_536;

    /// <summary>
    /// Where random choices begin: the order of a request's slots and the spread of repetitions. The same seed and the
    /// same inputs give the same run; hosts that compete should differ.
    /// </summary>
    /// <value>0 by default.</value>
    public int Seed { get; set; }

    /// <summary>A tag of the pipeline's metrics, <c>codexsales.instance</c>, to tell several of one process apart.</summary>
    /// <value>Null by default: no tag.</value>
    public string? InstanceName { get; set; }

    /// <summary>Deadlines and repetitions of a sale.</summary>
    public SellingOptions Selling { get; set; } = new();

    /// <summary>All that is wrong with them, a sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> FindErrors() =>
    [
        .. Selling.FindErrors().Select(error => $"{nameof(Selling)}.{error}"),
        .. OutOfRange(nameof(Workers), Workers, 0, 1_000),
        .. OutOfRange(nameof(MaxWorkers), _maxWorkers, 1, 1_000),
        .. OutOfRange(nameof(QueueCapacity), QueueCapacity, 1, SlotQueue.LargestCapacity),
        .. OutOfRange(nameof(MaxRequests), MaxRequests, 1, int.MaxValue),
        .. OutOfRange(nameof(MaxChangedSlotsPerRequest), MaxChangedSlotsPerRequest, 1, int.MaxValue),
    ];

    private static IEnumerable<string> OutOfRange(string name, int value, int least, int most) =>
        OptionErrors.Unless(value >= least && value <= most, name, value, $"{least} to {most}");
}
