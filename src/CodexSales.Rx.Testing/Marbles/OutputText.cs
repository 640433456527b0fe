namespace CodexSales.Rx.Testing.Marbles;

/// <summary>The meaning of an output symbol: notifications in order, as the runner writes them.</summary>
internal static class OutputText
{
    public static readonly ImmutableArray<string> LaneNames =
        ["queue", "late", "starts", "cleanups", "steps", "calls", "books", "refusals", "troubles"];

    private static readonly string[] Outcomes = ["done", "ignored", "errored", "cancelled", "failed"];

    public static ImmutableArray<string> Read(string lane, Fragment text, InputsReader? known) =>
        [.. text.Split(';').SelectMany(each => ReadOne(lane, each, known))];

    /// <summary>The shortest text for notifications: slots in a row are one range.</summary>
    public static string Write(IEnumerable<string> notifications) =>
        string.Join(" ; ", notifications.Select(each => Compress(each.Split(' '))));

    private static IEnumerable<string> ReadOne(string lane, Fragment text, InputsReader? known)
    {
        text.ThrowIf(text.IsEmpty, "a notification is expected.");
        return lane switch
        {
            "queue" or "late" => [ReadChanges(text, known)],
            "starts" => Slots(text, known).Select(slot => slot.ToString()),
            "cleanups" => [ReadCleanup(text, known)],
            _ => [string.Join(' ', text.Words().Select(word => word.Text))],
        };
    }

    // "+r1/0..3 ~r2/1 seen": changes of one change set; or "=r1/0..3", a snapshot, or "empty", one of nothing.
    private static string ReadChanges(Fragment text, InputsReader? known)
    {
        if (text.Text == "empty")
        {
            return text.Text;
        }

        var changes = new List<string>();
        var words = text.Words();
        for (var at = 0; at < words.Count; at++)
        {
            var word = words[at];
            word.ThrowIf(
                !"+-~=".Contains(word.Text[0], StringComparison.Ordinal),
                $"'{word.Text}' is no change: +, -, ~ or = and a slot are expected.");
            var isSeen = at + 1 < words.Count && words[at + 1].Text == "seen";
            at += isSeen ? 1 : 0;
            changes.AddRange(Slots(word.From(1), known)
                .Select(slot => $"{word.Text[0]}{slot}{(isSeen ? " seen" : "")}"));
        }

        return string.Join(' ', changes);
    }

    private static string ReadCleanup(Fragment text, InputsReader? known) =>
        text.Words() is [var slot, var outcome] && Outcomes.Contains(outcome.Text)
            ? $"{Check(slot, SlotName.Read(slot), known)} {outcome.Text}"
            : throw text.Error(
                $"'{text.Text}' is no clean-up: a slot and one of {string.Join(", ", Outcomes)} are expected.");

    private static IEnumerable<SlotName> Slots(Fragment text, InputsReader? known) =>
        SlotName.ReadRange(text).Select(slot => Check(text, slot, known));

    // Once a specification is read, its slots are known to be there.
    private static SlotName Check(Fragment at, SlotName slot, InputsReader? known) =>
        known?.CheckSlot(at, slot) ?? slot;

    private static string Compress(string[] words)
    {
        var merged = new List<string>();
        for (var at = 0; at < words.Length; at++)
        {
            var slash = words[at].IndexOf('/', StringComparison.Ordinal);
            var last = at;
            while (slash > 0 && last + 1 < words.Length && IsNext(words[last], words[last + 1], slash))
            {
                last++;
            }

            merged.Add(last > at ? $"{words[at]}..{words[last][(slash + 1)..]}" : words[at]);
            at = last;
        }

        return string.Join(' ', merged);
    }

    private static bool IsNext(string word, string next, int slash) =>
        next.StartsWith(word[..(slash + 1)], StringComparison.Ordinal)
        && ulong.TryParse(word[(slash + 1)..], out var place)
        && ulong.TryParse(next[(slash + 1)..], out var nextPlace)
        && nextPlace == place + 1;
}
