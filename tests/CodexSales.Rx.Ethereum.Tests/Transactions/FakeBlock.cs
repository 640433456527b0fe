using System.Collections.Immutable;
using System.Globalization;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>A block of the fake node.</summary>
internal sealed record FakeBlock(
    ulong Number, int Fork, UnixSeconds Time, ImmutableArray<PooledTransaction> Transactions)
{
    public BlockStamp Stamp => new(Number, Time) { Hash = Hash };

    public Bytes32 Hash { get; } = Keccak256.Hash(
        System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Number}/{Fork}")));
}
