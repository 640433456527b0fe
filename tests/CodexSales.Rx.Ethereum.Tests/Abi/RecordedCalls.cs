using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Tests.Abi;

/// <summary>What the unmodified contract was asked, what it answered, and how another library decoded that.</summary>
internal static class RecordedCalls
{
    private static readonly JsonDocument _calls = Recording.Open("calls.json");
    private static readonly JsonDocument _errors = Recording.Open("errors.json");

    /// <summary>Questions, and the answers to them.</summary>
    public static ImmutableArray<JsonElement> Calls { get; } = [.. _calls.RootElement.EnumerateArray()];

    /// <summary>Questions and transactions that went wrong on purpose.</summary>
    public static ImmutableArray<JsonElement> Errors { get; } = [.. _errors.RootElement.EnumerateArray()];

    /// <summary>Selector and arguments of a recorded call or transaction; null where they are not to be seen.</summary>
    public static string? CallDataOf(JsonElement recorded) =>
        recorded.GetProperty("request").GetProperty("params") is { ValueKind: JsonValueKind.Array } parameters
        && parameters.GetArrayLength() > 0
        && parameters[0] is { ValueKind: JsonValueKind.Object } call
        && call.TryGetProperty("data", out var data)
            ? data.GetString()
            : null;

    /// <summary>An argument of a recorded call: one word.</summary>
    public static Bytes32 Argument(string callData, int index) =>
        Bytes32.Parse($"0x{callData.AsSpan(10 + (64 * index), 64)}");

    public static ulong Number(string callData, int index) =>
        ulong.Parse(callData.AsSpan(10 + (64 * index), 64), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
