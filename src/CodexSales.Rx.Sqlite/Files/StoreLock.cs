using CodexSales.Rx.Local.Files;

namespace CodexSales.Rx.Sqlite.Files;

/// <summary>Keeps other stores away from a file, in this process or another. The lock file stays and remembers that
/// there was a store: without it, a lost file would look like a new one.</summary>
/// <remarks>A file of its own, because SQLite's locks would shut out our readers too. The operating system unlocks it
/// when the process ends. It is never deleted: another process may be about to lock it.</remarks>
internal sealed class StoreLock : IDisposable
{
    // "Held by another one", as Windows, Linux and macOS number it.
    private static readonly int[] _heldByAnother = [unchecked((int)0x80070020), 11, 35];

    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    public bool RemembersStore => _file.Length > 0;

    /// <exception cref="SalesStoreException">Another store has it, or it can't be locked.</exception>
    public static StoreLock Take(string path)
    {
        try
        {
            return new StoreLock(OwnerOnly.Open(PathBeside(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (_heldByAnother.Contains(e.HResult))
        {
            throw new SalesStoreException($"The store '{path}' is in use by another process, or twice in this one.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SalesStoreException($"The store '{path}' can't be locked: {e.Message}", e);
        }
    }

    public static string PathBeside(string path) => path + ".lock";

    public void RememberStore()
    {
        if (!RemembersStore)
        {
            _file.Write("There is a store of sales beside this file, or there was one.\n"u8);
            _file.Flush(flushToDisk: true);
        }
    }

    public void Dispose() => _file.Dispose();
}
