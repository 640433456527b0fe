using System.Text.Json;

namespace CodexSales.Rx.Ethereum.Anvil;

/// <summary>A contract of <c>tests/contracts/src</c>.</summary>
/// <param name="Abi">Its interface, as the compiler says it.</param>
/// <param name="Bytecode">What a transaction that creates it begins with, in hexadecimal digits after "0x".</param>
public sealed record CompiledContract(JsonElement Abi, string Bytecode)
{
    /// <summary>Reads a contract, compiled before if it was not, which takes some seconds.</summary>
    public static CompiledContract Load(string name)
    {
        using var contracts = JsonDocument.Parse(File.ReadAllBytes(ContractTools.CompiledContractsFile));
        var contract = contracts.RootElement.GetProperty(name);
        return new CompiledContract(
            contract.GetProperty("abi").Clone(), contract.GetProperty("bytecode").GetString()!);
    }
}
