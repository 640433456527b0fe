using System.Text.Json;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil;

/// <summary>What became of a transaction.</summary>
/// <param name="Hash">The transaction.</param>
/// <param name="HasSucceeded">Whether it did something: if not, it cost gas and nothing else.</param>
/// <param name="BlockNumber">The block that holds it.</param>
/// <param name="Contract">The contract that it created, if it was to create one.</param>
/// <param name="GasUsed">What it cost.</param>
/// <param name="Logs">What contracts logged, in order.</param>
public sealed record TransactionReceipt(
    string Hash,
    bool HasSucceeded,
    ulong BlockNumber,
    Address? Contract,
    ulong GasUsed,
    IReadOnlyList<ContractLog> Logs)
{
    internal static TransactionReceipt Read(JsonElement receipt) => new(
        receipt.GetProperty("transactionHash").GetString()!,
        receipt.GetProperty("status").GetString() == "0x1",
        Quantity.Read(receipt.GetProperty("blockNumber")),
        receipt.GetProperty("contractAddress").GetString() is { } created ? Address.Parse(created) : null,
        Quantity.Read(receipt.GetProperty("gasUsed")),
        [.. receipt.GetProperty("logs").EnumerateArray().Select(ContractLog.Read)]);
}
