namespace CodexSales.Rx.Testing.Marbles;

/// <summary>"r1/0" is the first slot of request r1 that this host goes through, "r1/1" the next.</summary>
/// <param name="Request">The request.</param>
/// <param name="Place">The slot's place in the order in which this host goes through the request's slots.</param>
internal readonly record struct SlotName(string Request, ulong Place)
{
    /// <summary>The number of slots of a request that can be named.</summary>
    public const ulong Most = 100;

    public static SlotName Read(Fragment text) => ReadRange(text) is [var only]
        ? only
        : throw text.Error($"'{text.Text}' is given, but one slot is expected, as r1/0.");

    public static IReadOnlyList<SlotName> ReadRange(Fragment text)
    {
        if (text.Cut('/') is not ({ IsEmpty: false } request, { IsEmpty: false } places))
        {
            throw text.Error($"'{text.Text}' is no slot: a request, a slash and a number are expected, as r1/0.");
        }

        var range = places.Text.IndexOf("..", StringComparison.Ordinal);
        var first = ReadPlace(range < 0 ? places : places.Slice(0, range));
        var last = range < 0 ? first : ReadPlace(places.From(range + 2));
        return first <= last
            ?
            [
                .. Enumerable.Range((int)first, (int)(last - first) + 1)
                    .Select(place => new SlotName(request.Text, (ulong)place)),
            ]
            : throw places.Error($"'{places.Text}' goes down.");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Request}/{Place}");

    private static ulong ReadPlace(Fragment text)
    {
        var place = Quantities.Number(text);
        return place < Most
            ? place
            : throw text.Error($"{place} is given, but only the first {Most} slots of a request can be named.");
    }
}
