using System.Buffers.Binary;

namespace CodexSales.Rx.Sqlite.Files;

/// <summary>The header of a file: whether it is empty, not written yet (SQLite may write later pages first), SQLite's, and marked as a
/// store of ours.</summary>
/// <remarks>Source: "Database File Format" of SQLite, section 1.3.</remarks>
internal sealed record FileHeader(bool IsEmpty, bool IsBlank, bool IsDatabase, bool IsStore)
{
    private const int ApplicationIdOffset = 68;

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    public static FileHeader? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[ApplicationIdOffset + sizeof(int)];
        bytes.Clear();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var isDatabase = bytes.StartsWith(Magic);
        var mark = BinaryPrimitives.ReadInt32BigEndian(bytes[ApplicationIdOffset..]);
        return new FileHeader(length == 0, !bytes.ContainsAnyExcept((byte)0), isDatabase, isDatabase && mark == Schema.ApplicationId);
    }
}
