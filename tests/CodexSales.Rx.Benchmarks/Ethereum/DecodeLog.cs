using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Rx.Benchmarks.Ethereum;

/// <summary>A log in UTF-8 becomes a typed event, beside a reader that only walks over the same bytes.</summary>
public class DecodeLog
{
    private const int Logs = 20_000;
    private const int PassesBefore = 50;

    private static readonly Address _marketplace = Address.Parse("0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0");

    private readonly MarketplaceLogDecoder _decoder = new(_marketplace);
    private byte[][] _logs = [];

    /// <summary>The event that each log is of, or all in turn as they come in the recording.</summary>
    [Params("StorageRequested", "SlotFilled", "ProofSubmitted", "recording")]
    public string Event { get; set; } = "";

    [GlobalSetup]
    public void Read()
    {
        var recording = Path.Combine(AppContext.BaseDirectory, "Recording", "logs.jsonl");
        byte[][] logs = [.. File.ReadLines(recording).Select(Encoding.UTF8.GetBytes).Where(IsWanted)];
        _logs = [.. Enumerable.Range(0, Logs).Select(index => logs[index % logs.Length])];

        // What is measured is short: without this the first of them would be measured before the runtime has made its
        // best of them.
        for (var pass = 0; pass < PassesBefore; pass++)
        {
            BareReader();
            Decode();
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Logs)]
    public int BareReader()
    {
        var tokens = 0;
        foreach (var log in _logs)
        {
            var json = new Utf8JsonReader(log);
            while (json.Read())
            {
                tokens++;
            }
        }

        return tokens;
    }

    [Benchmark(OperationsPerInvoke = Logs)]
    public int Decode()
    {
        var events = 0;
        foreach (var log in _logs)
        {
            events += LogEntry.TryRead(log, out var entry, out _)
                && _decoder.Decode(in entry, entry.BlockTime ?? default).TryGetEvent(out _) ? 1 : 0;
        }

        return events;
    }

    private bool IsWanted(byte[] log) =>
        LogEntry.TryRead(log, out var entry, out _)
        && _decoder.Decode(in entry, default).TryGetEvent(out var happened)
        && (Event == "recording" || happened.GetType().Name == Event);
}
