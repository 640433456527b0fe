using System.Text.Json;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil;

/// <summary>One log of a contract, as the node says it.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Topics">Which event, and what of it is indexed, in hexadecimal digits after "0x".</param>
/// <param name="Data">The rest of the event, likewise.</param>
public sealed record ContractLog(Address Contract, IReadOnlyList<string> Topics, string Data)
{
    /// <summary>Reads a log of a receipt or of <c>eth_getLogs</c>.</summary>
    public static ContractLog Read(JsonElement log) => new(
        Address.Parse(log.GetProperty("address").GetString()),
        [.. log.GetProperty("topics").EnumerateArray().Select(topic => topic.GetString()!)],
        log.GetProperty("data").GetString()!);

    /// <summary>All of it on one line, for comparisons.</summary>
    public override string ToString() => $"{Contract} {string.Join(' ', Topics)} {Data}";
}
