using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>Signs at once, and always the same: with a signature that nothing checks.</summary>
internal sealed class StampSigner(Address account) : ISigner
{
    public Address Account => account;

    /// <summary>What is answered in place of a signature; null to sign.</summary>
    public SigningReply? Answer { get; set; }

    /// <summary>What is answered in place of a signature of one transaction; null to sign it.</summary>
    public Func<UnsignedTransaction, SigningReply?> Refuse { get; set; } = _ => null;

    public Task<string?> FindFaultAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    public Task<SigningReply> SignAsync(UnsignedTransaction transaction, CancellationToken cancellation) =>
        Task.FromResult(Answer ?? Refuse(transaction) ?? new Signed(transaction.Sign(isYOdd: false, r: 5, s: 6)));
}
