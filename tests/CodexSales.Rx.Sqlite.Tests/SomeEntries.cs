namespace CodexSales.Rx.Sqlite.Tests;

/// <summary>Draws entries of a journal, with the largest and the smallest numbers among them.</summary>
internal sealed class SomeEntries(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>An entry that is in flight, or one that ended at a moment.</summary>
    public JournalEntry Entry(SendingAccount sender, ulong nonce, DateTimeOffset? endedAt = null) => new()
    {
        Sender = sender,
        Nonce = nonce,
        Purpose = new TransactionPurpose(
            Case<TransactionKind>(),
            Boolean() ? null : new SlotKey(new RequestId(Hash()), UInt64()),
            Boolean() ? null : UInt64(),
            Boolean() ? UInt256.MaxValue : UInt64()),
        Attempts = [.. Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Attempt())],
        End = endedAt is { } at
            ? new TransactionEnd(Case<TransactionEndKind>(), at, UInt64(), Boolean() ? null : UInt64())
            : null,
    };

    private TransactionAttempt Attempt() => new(
        [.. Bytes(_random.Next(1, 300))],
        [.. Bytes(Boolean() ? 0 : _random.Next(1, 300))],
        Boolean() ? null : Hash(),
        new DateTimeOffset(_random.NextInt64(DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero),
        Boolean());

    private bool Boolean() => _random.Next(2) == 0;

    private T Case<T>()
        where T : struct, Enum => Enum.GetValues<T>()[_random.Next(Enum.GetValues<T>().Length)];

    private ulong UInt64() => _random.Next(3) switch
    {
        0 => ulong.MaxValue,
        1 => 1UL << 63,
        _ => (ulong)_random.NextInt64(),
    };

    private Bytes32 Hash() => new(Bytes(Bytes32.Size));

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
