using System.Numerics;
using System.Text.Json;
using CodexSales.Rx.Domain;
using static CodexSales.Node.Tests.Replay.QueueOracle;

namespace CodexSales.Node.Tests.Replay;

public sealed class ObservedReplayTests
{
    private const ulong GiB = 1UL << 30;

    private static readonly Offer _everything = new(ulong.MaxValue, ulong.MaxValue, 0, (BigInteger)decimal.MaxValue);

    public static TheoryData<int, int> Cases => new(
        from offers in Enumerable.Range(0, Offers.Count) from size in new[] { 1, 5, 128 } select (offers, size));

    private static IReadOnlyList<Offer[]> Offers { get; } =
    [
        [_everything],
        [new(8 * GiB, 30 * 86_400, 1, 1_000_000_000_000)],
        [new(1 * GiB, 86_400, 2, 100_000_000), new(4096, 30 * 86_400, 1, 11_500)],
        [_everything with { Until = 1795940000 }, new(4096, 86_400, 1, 12_288)],
        [new(1, 1, 1, 1)],
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_queue_after_every_block_is_what_a_plain_computation_gives(int offers, int size)
    {
        var run = await ObserveAsync(Offers[offers], size);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var lines = new Queue<JsonElement>(Parse(run).Where(line => TypeOf(line) == "queue"));
        var queue = new PrintedQueue();
        foreach (var (block, time) in RecordedLogs.Blocks)
        {
            while (lines.TryPeek(out var line) && IsUpTo(line, block, time))
            {
                queue.Apply(lines.Dequeue());
            }

            AssertEqual(LotsAfter(block, time, Offers[offers]), size, queue.Slots);
        }

        Assert.Empty(lines);
    }

    [Fact]
    public async Task The_summary_counts_exactly_the_recorded_events()
    {
        var run = await ObserveAsync([_everything], 128);

        var summary = Parse(run).Last();
        Assert.Equal(
            RecordedLogs.All.CountBy(log => log.Event).OrderBy(count => count.Key, StringComparer.Ordinal),
            summary.GetProperty("events").EnumerateObject()
                .Select(count => KeyValuePair.Create(count.Name, count.Value.GetInt32())));
        Assert.Equal(8, summary.GetProperty("events").EnumerateObject().Count());
        Assert.Equal(0, summary.GetProperty("undecodable").GetInt32());
        Assert.Equal(0, summary.GetProperty("openSlots").GetInt32());
        Assert.Equal(0, summary.GetProperty("queued").GetArrayLength());
    }

    [Fact]
    public async Task All_printed_changes_applied_to_an_empty_list_give_the_printed_final_order()
    {
        using var files = new TemporaryFiles();
        var logs = files.Write("logs", CommandRun.FirstLogs(150));

        var run = await CommandRun.OfAsync(
            "replay", "--observe", "--output", "jsonl", "--logs", logs, "--availability", Spec(_everything));

        var queue = new PrintedQueue();
        var lines = Parse(run).ToList();
        foreach (var line in lines.Where(line => TypeOf(line) == "queue"))
        {
            queue.Apply(line);
        }

        Assert.NotEmpty(queue.Slots);
        Assert.Equal(lines[^1].GetProperty("queued").EnumerateArray().Select(PrintedQueue.SlotOf), queue.Slots);
        Assert.Equal(Enumerable.Range(1, lines.Count(line => TypeOf(line) == "queue")),
            lines.Where(line => TypeOf(line) == "queue").Select(line => line.GetProperty("version").GetInt32()));
    }

    [Fact]
    public async Task Each_printed_slot_has_the_id_under_which_the_contract_keeps_it()
    {
        var run = await ObserveAsync([_everything], 128);

        Assert.All(
            Parse(run).Where(line => TypeOf(line) == "queue")
                .SelectMany(line => line.GetProperty("changes").EnumerateArray()),
            change =>
            {
                var (request, index) = PrintedQueue.SlotOf(change);
                var slotId = SlotId.Of(RequestId.Parse(request), index);
                Assert.Equal(slotId.ToString(), change.GetProperty("slotId").GetString());
            });
    }

    [Fact]
    public async Task Hostile_asks_are_refused_with_a_reason()
    {
        var run = await ObserveAsync([_everything], 128);

        var reasons = Parse(run).Where(line => TypeOf(line) == "refused")
            .Select(line => line.GetProperty("reason").GetString());
        Assert.Superset(new HashSet<string?> { "paysNothing", "unknown", "collateralTooHigh" }, reasons.ToHashSet());
    }

    private static Task<CommandRun> ObserveAsync(Offer[] offers, int size) => CommandRun.ReplayAsync(
    [
        "--observe", "--queue-size", $"{size}", .. offers.SelectMany(offer => new[] { "--availability", Spec(offer) }),
    ]);

    private static string Spec(Offer offer) =>
        $"size={offer.Size},duration={offer.Duration},price={offer.Price},collateral={offer.Collateral}"
            + (offer.Until is { } until ? $",until={until}" : "");

    private static IEnumerable<JsonElement> Parse(CommandRun run) => run.Lines.Select(line => JsonElement.Parse(line));

    private static string? TypeOf(JsonElement line) => line.GetProperty("type").GetString();

    private static bool IsUpTo(JsonElement line, long block, long time)
    {
        var isUpTo = line.GetProperty("block").GetInt64() <= block;
        Assert.True(!isUpTo || line.GetProperty("time").GetInt64() <= time);
        return isUpTo;
    }

    // Slots of one lot may come in any order.
    private static void AssertEqual(IReadOnlyList<Lot> lots, int size, List<(string RequestId, ulong SlotIndex)> slots)
    {
        var expected = lots.SelectMany(lot => Enumerable.Repeat(lot, (int)Math.Min((ulong)size, lot.Count)))
            .Take(size)
            .ToList();
        Assert.Equal(expected.Count, slots.Count);
        Assert.Equal(slots.Count, slots.Distinct().Count());
        Assert.All(expected.Zip(slots), pair => Assert.True(
            pair.First.Has(pair.Second.RequestId, pair.Second.SlotIndex),
            $"{pair.Second} instead of one of {pair.First}"));
    }
}
