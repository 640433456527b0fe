using System.Security.Cryptography;
using CodexSales.Rx.Local.Files;

namespace CodexSales.Rx.Sqlite.Files;

/// <summary>Room on the disk that is kept for the store: a file beside it, deleted when the disk is full.</summary>
/// <remarks>Used by one thread at a time.</remarks>
internal sealed class DiskReserve(string path, int bytes)
{
    // The room that comes back with somebody's deleting should be more than a moment's.
    private const int RoomBeforeRefill = 2;

    private bool _isHeld;

    /// <summary>True if there was no room for it the last time.</summary>
    public bool IsMissing => bytes > 0 && !_isHeld;

    public static string PathBeside(string path) => path + ".reserve";

    /// <summary>Keeps the room, if there is as much: a store without it is better than none.</summary>
    public void Take()
    {
        if (bytes == 0)
        {
            return;
        }

        try
        {
            Write();
            _isHeld = true;
        }
        catch (IOException)
        {
            File.Delete(path);
        }
    }

    /// <summary>Takes it again when there is room again. Costs nothing while it is held.</summary>
    public void Refill()
    {
        if (!_isHeld && bytes > 0 && FreeBytes() >= (long)RoomBeforeRefill * bytes)
        {
            Take();
        }
    }

    public void GiveUp()
    {
        _isHeld = false;
        File.Delete(path);
    }

    // Of no pattern: some disks keep no room for what they can compress.
    private void Write()
    {
        using var file = OwnerOnly.Open(path, FileMode.Create, FileAccess.Write, FileShare.None);
        file.Write(RandomNumberGenerator.GetBytes(bytes));
        file.Flush(flushToDisk: true);
    }

    private long FreeBytes()
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
