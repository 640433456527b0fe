using System.Numerics;

namespace CodexSales.Rx.Requests;

/// <summary>Places of a group, one bit each up to the highest ever held. A field of the group, never copied.</summary>
internal struct OrdinalBitmap
{
    private const int BitsOfWord = 64;

    // The first places in a field of their own: most groups need no more.
    private ulong _first;
    private ulong[]? _others;
    private int _count;

    public readonly bool IsEmpty => _count == 0;

    public void Add(ulong place)
    {
        var word = WordOf(place);
        if (!HasWordOf(place))
        {
            Array.Resize(ref _others, Math.Max(word, 2 * (_others?.Length ?? 0)));
        }

        _count += Contains(place) ? 0 : 1;
        Set(word, WordAt(word) | BitOf(place));
    }

    /// <summary>False when it was not in it.</summary>
    public bool Remove(ulong place)
    {
        if (!Contains(place))
        {
            return false;
        }

        Set(WordOf(place), WordAt(WordOf(place)) & ~BitOf(place));
        _count--;
        return true;
    }

    /// <summary>The lowest place from one on, or null. Costs a step for each 512 places that are passed over.</summary>
    public readonly ulong? NextFrom(ulong place)
    {
        if (IsEmpty || !HasWordOf(place))
        {
            return null;
        }

        var word = WordOf(place);
        var bits = WordAt(word) & (ulong.MaxValue << (int)(place % BitsOfWord));
        if (bits == 0)
        {
            var later = _others.AsSpan(word).IndexOfAnyExcept(0UL);
            if (later < 0)
            {
                return null;
            }

            word += later + 1;
            bits = WordAt(word);
        }

        return ((ulong)word * BitsOfWord) + (ulong)BitOperations.TrailingZeroCount(bits);
    }

    private readonly bool Contains(ulong place) =>
        HasWordOf(place) && (WordAt(WordOf(place)) & BitOf(place)) != 0;

    // Any place may be asked for, also one so far out that its word could not be counted.
    private readonly bool HasWordOf(ulong place) => place / BitsOfWord <= (ulong)(_others?.Length ?? 0);

    private readonly ulong WordAt(int word) => word == 0 ? _first : _others![word - 1];

    private void Set(int word, ulong bits)
    {
        if (word == 0)
        {
            _first = bits;
        }
        else
        {
            _others![word - 1] = bits;
        }
    }

    // Places that are added were drawn one by one from 0 on: never so many that their words could not be counted.
    private static int WordOf(ulong place) => (int)(place / BitsOfWord);

    private static ulong BitOf(ulong place) => 1UL << (int)(place % BitsOfWord);
}
