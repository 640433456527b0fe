using System.Text;
using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Anvil.Tests.Recorded;

namespace CodexSales.Rx.Ethereum.Anvil.Tests;

public sealed class InterfaceTests
{
    // What no host needs, the test-only function of the recorded contract, and errors that nothing here can raise.
    private static readonly string[] LeftOut =
    [
        "challengeToFieldElement(bytes32)",
        "forciblyFreeSlot(bytes32)",
        "getSlotCollateral(bytes32)",
        "merkleRootToFieldElement(bytes32)",
        "Marketplace_InsufficientDuration()",
        "Marketplace_TransferFailed()",
    ];

    [Theory]
    [InlineData("event", "eventTopics")]
    [InlineData("error", "errorSelectors")]
    [InlineData("function", "functionSelectors")]
    public void The_contract_has_the_interface_of_the_real_one(string kind, string recorded)
    {
        var expected = RecordedRun.Names(recorded)
            .Where(pair => !LeftOut.Contains(pair.Key))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal);

        var actual = CompiledContract.Load("Marketplace").Abi.EnumerateArray()
            .Where(entry => entry.GetProperty("type").GetString() == kind)
            .Select(SignatureOf)
            .Select(signature => KeyValuePair.Create(signature, HashOf(signature, kind == "event" ? 66 : 10)))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal);

        Assert.Equal(expected.Select(pair => pair.ToString()), actual.Select(pair => pair.ToString()));
    }

    private static string HashOf(string signature, int digits) =>
        Keccak256.Hash(Encoding.ASCII.GetBytes(signature)).ToString()[..digits];

    private static string SignatureOf(JsonElement entry) =>
        $"{entry.GetProperty("name").GetString()}({TypesOf(entry.GetProperty("inputs"))})";

    private static string TypesOf(JsonElement parameters) => string.Join(',', parameters.EnumerateArray().Select(
        parameter => parameter.GetProperty("type").GetString() is "tuple"
            ? $"({TypesOf(parameter.GetProperty("components"))})"
            : parameter.GetProperty("type").GetString()));
}
