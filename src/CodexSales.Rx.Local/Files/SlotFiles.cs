using System.Text;

namespace CodexSales.Rx.Local.Files;

/// <summary>The files of slots in one directory, by name and by what they mean.</summary>
/// <remarks><c>0x…-3.data</c> is all of slot 3 of a request, <c>0x…-3.part</c> what there is of it as yet,
/// <c>0x…-3.until</c> the second until which to keep it. Names are hexadecimal and decimal digits, whatever a client
/// wrote.</remarks>
internal sealed class SlotFiles(string directory)
{
    private const string Data = ".data";
    private const string Part = ".part";
    private const string Until = ".until";

    public string DataOf(SlotKey slot) => PathOf(slot, Data);

    public string PartOf(SlotKey slot) => PathOf(slot, Part);

    /// <summary>The length of the complete data; null as long as it is not complete.</summary>
    public ulong? LengthOfData(SlotKey slot) => LengthOf(DataOf(slot));

    public StoredSlot Look(SlotKey slot)
    {
        var data = LengthOfData(slot);
        return new StoredSlot(slot, (data ?? 0) + (LengthOf(PartOf(slot)) ?? 0), data is not null, ReadUntil(slot));
    }

    /// <summary>All slots of which there is anything, in the order of their names.</summary>
    public IReadOnlyList<StoredSlot> LookAtAll() =>
    [
        .. Directory.EnumerateFiles(directory)
            .Select(path => SlotOf(Path.GetFileName(path)))
            .OfType<SlotKey>()
            .Distinct()
            .OrderBy(slot => slot.RequestId)
            .ThenBy(slot => slot.SlotIndex)
            .Select(Look),
    ];

    public void WriteUntil(SlotKey slot, UnixSeconds until) =>
        DurableFile.Write(PathOf(slot, Until), Encoding.ASCII.GetBytes(until.ToString()));

    public void Complete(SlotKey slot) => DurableFile.Rename(PartOf(slot), DataOf(slot));

    /// <summary>Deletes all files of a slot, the data last: what a crash leaves of it is still found.</summary>
    public void Delete(SlotKey slot)
    {
        File.Delete(PathOf(slot, Until) + ".new");
        File.Delete(PathOf(slot, Until));
        File.Delete(PartOf(slot));
        File.Delete(DataOf(slot));
    }

    private UnixSeconds? ReadUntil(SlotKey slot)
    {
        var path = PathOf(slot, Until);
        return File.Exists(path)
            && ulong.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? new UnixSeconds(seconds)
                : null;
    }

    private string PathOf(SlotKey slot, string kind) => Path.Combine(
        directory, string.Create(CultureInfo.InvariantCulture, $"{slot.RequestId}-{slot.SlotIndex}{kind}"));

    private static ulong? LengthOf(string path) =>
        new FileInfo(path) is { Exists: true } file ? (ulong)file.Length : null;

    // A file of another's making, such as the lock, is no slot.
    private static SlotKey? SlotOf(string fileName)
    {
        var name = fileName.Split('.')[0];
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && RequestId.TryParse(name.AsSpan(0, dash), out var request)
            && ulong.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? new SlotKey(request, index)
                : null;
    }
}
