using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using Nethereum.Signer;

namespace CodexSales.Rx.Nethereum.Tests.Signers;

/// <summary>An account of development nodes, and transactions to sign.</summary>
internal static class Samples
{
    public const string PrivateKey = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

    public static Address Account { get; } = Address.Parse("0x70997970c51812dc3a010c7d01b50e0d17dc79c8");

    public static UnsignedTransaction Dynamic { get; } = new()
    {
        ChainId = 31_337,
        Nonce = 7,
        To = Address.Parse("0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0"),
        Data = [0x12, 0x82, 0x76, 0x02],
        GasLimit = 100_000,
        Fees = new DynamicFees(30_000_000_000, 1_000_000_000),
    };

    public static UnsignedTransaction Legacy { get; } = Dynamic with { Fees = new LegacyFees(5) };

    public static EthECKey Key { get; } = new(PrivateKey);

    public static EthECKey OtherKey { get; } = new($"0x{1:x64}");
}
