using System.Collections;
using System.Numerics;

namespace CodexSales.Rx.Queueing;

/// <summary>Places of a lot that were drawn: one bit for each up to the highest one.</summary>
internal sealed class PlaceSet : IEnumerable<ulong>
{
    private const int BitsOfWord = 64;

    // The first places in a field of their own: most lots need no more.
    private ulong _first;
    private ulong[] _others = [];

    public void Add(ulong place)
    {
        var word = WordOf(place);
        if (word > _others.Length)
        {
            Array.Resize(ref _others, Math.Max(word, 2 * _others.Length));
        }

        Word(word) |= BitOf(place);
    }

    public void Remove(ulong place) => Word(WordOf(place)) &= ~BitOf(place);

    /// <summary>The places from the lowest to the highest one.</summary>
    public IEnumerator<ulong> GetEnumerator()
    {
        for (var word = 0; word <= _others.Length; word++)
        {
            for (var rest = Word(word); rest != 0; rest &= rest - 1)
            {
                yield return ((ulong)word * BitsOfWord) + (ulong)BitOperations.TrailingZeroCount(rest);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ref ulong Word(int word) => ref word == 0 ? ref _first : ref _others[word - 1];

    // Places are drawn one by one from 0 on: never so many that their words could not be counted.
    private static int WordOf(ulong place) => (int)(place / BitsOfWord);

    private static ulong BitOf(ulong place) => 1UL << (int)(place % BitsOfWord);
}
