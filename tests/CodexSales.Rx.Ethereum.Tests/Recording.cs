using System.Text;
using System.Text.Json;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Tests;

/// <summary>What a node said of the unmodified contract.</summary>
internal static class Recording
{
    public static readonly Address Marketplace = Address.Parse("0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0");

    /// <summary>Every log, one JSON object each.</summary>
    public static IReadOnlyList<byte[]> Logs { get; } =
        [.. File.ReadLines(PathOf("logs.jsonl")).Select(Encoding.UTF8.GetBytes)];

    public static JsonDocument Open(string name) => JsonDocument.Parse(File.ReadAllBytes(PathOf(name)));

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Recording", name);
}
