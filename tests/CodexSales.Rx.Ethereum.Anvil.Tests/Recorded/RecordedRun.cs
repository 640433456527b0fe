using System.Globalization;
using System.Text.Json;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Recorded;

/// <summary>What a node said of the unmodified contract: blocks, calls and refusals, in their order.</summary>
internal static class RecordedRun
{
    /// <summary>The blocks after the one that deployed the contract.</summary>
    public static IReadOnlyList<RecordedBlock> Blocks { get; } = ReadBlocks();

    /// <summary>Questions, and the block that was the newest then.</summary>
    public static ILookup<ulong, RecordedQuestion> Calls { get; } = Open("calls.json").EnumerateArray()
        .ToLookup(call => call.GetProperty("atBlock").GetUInt64(), RecordedQuestion.Read);

    /// <summary>Questions that the contract refused to answer, and calls that it would refuse.</summary>
    public static IReadOnlyList<RecordedQuestion> Refusals { get; } =
    [
        .. Open("errors.json").EnumerateArray()
            .Select(RecordedQuestion.Read)
            .Where(question => question.Method is "eth_call" or "eth_estimateGas")
            .Where(question => question.Answer.Contains("execution reverted", StringComparison.Ordinal)),
    ];

    /// <summary>Every selector and topic of the contract, by signature.</summary>
    public static IReadOnlyDictionary<string, string> Names(string kind) =>
        Open("summary.json").GetProperty(kind).Deserialize<Dictionary<string, string>>()!;

    private static List<RecordedBlock> ReadBlocks()
    {
        var logs = ReadLines("logs.jsonl").ToLookup(log => Number(log, "blockNumber"));
        return
        [
            .. ReadLines("blocks.jsonl").Skip(1).Select(block => new RecordedBlock(
                Number(block, "number"),
                new UnixSeconds(Number(block, "timestamp")),
                [
                    .. logs[Number(block, "number")]
                        .GroupBy(log => Number(log, "transactionIndex"), ContractLog.Read)
                        .Select(transaction => transaction.ToList()),
                ])),
        ];
    }

    private static ulong Number(JsonElement parent, string name) => ulong.Parse(
        parent.GetProperty(name).GetString().AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static IEnumerable<JsonElement> ReadLines(string file) =>
        File.ReadLines(PathOf(file)).Select(line => JsonDocument.Parse(line).RootElement);

    private static JsonElement Open(string file) => JsonDocument.Parse(File.ReadAllBytes(PathOf(file))).RootElement;

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Recording", file);
}

/// <summary>One block, and the logs of each of its transactions that logged something.</summary>
internal sealed record RecordedBlock(
    ulong Number, UnixSeconds Time, IReadOnlyList<IReadOnlyList<ContractLog>> Transactions);
