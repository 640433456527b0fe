using System.Runtime.CompilerServices;

namespace CodexSales.Rx.Ethereum.Logs;

/// <summary>Up to four topics, without an array on the heap.</summary>
internal struct LogTopics
{
    private Four _values;
    private int _count;

    [UnscopedRef]
    public readonly ReadOnlySpan<Bytes32> AsSpan() => ((ReadOnlySpan<Bytes32>)_values)[.._count];

    /// <summary>Takes one more topic; false when there are four.</summary>
    public bool TryAdd(Bytes32 topic)
    {
        if (_count == Four.Length)
        {
            return false;
        }

        _values[_count++] = topic;
        return true;
    }

    [InlineArray(Length)]
    private struct Four
    {
        public const int Length = 4;

        private Bytes32 _first;
    }
}
