using System.Numerics;
using Nethereum.Model;
using Nethereum.Signer;

namespace CodexSales.Rx.Nethereum.Tests.Signers;

/// <summary>A device that a test plays: it sees whole transactions, as Trezor does.</summary>
internal sealed class ScriptedDevice(Func<ISignedTransaction, Task> sign) : IEthExternalSigner
{
    public Func<Task<string>> TellAddress { get; init; } = () => Task.FromResult($"{Samples.Account}");

    public bool Supported1559 { get; init; } = true;

    public bool CalculatesV => true;

    public ExternalSignerTransactionFormat ExternalSignerTransactionFormat => ExternalSignerTransactionFormat.Transaction;

    public Task<string> GetAddressAsync() => TellAddress();

    public Task SignAsync(LegacyTransactionChainId transaction) => sign(transaction);

    public Task SignAsync(Transaction1559 transaction) => sign(transaction);

    public Task SignAsync(LegacyTransaction transaction) => throw Unused();

    public Task SignAsync(Transaction7702 transaction) => throw Unused();

    public Task<EthECDSASignature> SignAsync(byte[] rawBytes) => throw Unused();

    public Task<EthECDSASignature> SignAsync(byte[] rawBytes, BigInteger chainId) => throw Unused();

    public Task<EthECDSASignature> SignEthereumMessageAsync(byte[] rawBytes) => throw Unused();

    public Task<string> SignTypedDataJsonAsync(string typedDataJson, string messageKeySelector = "message") => throw Unused();

    private static InvalidOperationException Unused() => new("Nobody asks for that.");
}
