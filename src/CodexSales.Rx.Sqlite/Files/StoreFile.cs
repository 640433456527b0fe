using CodexSales.Rx.Local.Files;

namespace CodexSales.Rx.Sqlite.Files;

/// <summary>The file of a store before it is opened: whether it is ours and whole, made, or set aside.</summary>
/// <remarks>Only for the holder of the <see cref="StoreLock"/>.</remarks>
internal static class StoreFile
{
    // The file, and what SQLite keeps beside it under the same name.
    private static readonly string[] _parts = ["", "-wal", "-shm", "-journal"];

    /// <summary>The path that everyone who means this file comes to, also through a link.</summary>
    public static string Resolve(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    /// <summary>Sees to it that there is a store: the one that is there, if it is whole, or an empty one.</summary>
    /// <returns>What was wrong with the one that was there.</returns>
    /// <exception cref="SalesStoreException">It is no store, or it is damaged and no empty one is wanted.</exception>
    public static StoreDamage? Prepare(string path, StoreLock held, bool startEmptyWhenDamaged)
    {
        var header = FileHeader.Read(path);
        var damage = default(StoreDamage);
        if (FindDamage(path, header, held.RemembersStore) is { } sentence)
        {
            held.RememberStore(); // Else there was none, the next time, and that would begin with an empty one.
            damage = new StoreDamage($"The store '{path}' {sentence}.", SetAside(path));
        }

        if (damage is not null && !startEmptyWhenDamaged)
        {
            var aside = damage.SetAsideAs is { } name ? $" It is kept as '{name}'." : "";
            throw new SalesStoreException(
                $"{damage.Sentence}{aside} Put a backup in its place, or allow to start with an empty one.");
        }

        if (damage is not null || header is not { IsEmpty: false })
        {
            Create(path);
        }

        OwnerOnly.Restrict(path);
        held.RememberStore();
        return damage;
    }

    /// <summary>What is there of a store that is not made anew by itself: the file, or what SQLite has beside it; null for nothing.</summary>
    public static string? FindContents(string path) => _parts.Where(part => part != "-shm")
        .Select(part => new FileInfo(path + part))
        .FirstOrDefault(file => file.Exists && (file.Length > 0 || file.FullName == path))?.FullName;

    private static string? FindDamage(string path, FileHeader? header, bool wasThere)
    {
        if (header is not { IsEmpty: false })
        {
            return !wasThere ? null : header is null ? "is gone" : "is empty";
        }

        if (!header.IsStore && (header.IsDatabase || !wasThere))
        {
            throw new SalesStoreException($"The file '{path}' is no store of sales, so it is left alone.");
        }

        return header.IsStore ? FindDamageOf(path) : "does not begin as a store does";
    }

    // Looks without the right to write, so that a damaged file stays as it was found, its write-ahead log included.
    public static string? FindDamageOf(string path)
    {
        try
        {
            using var connection = Database.Open(path, SqliteOpenMode.ReadOnly);
            var found = connection.ReadText("PRAGMA quick_check(1)");
            return found == "ok" ? null : $"is damaged ({found})";
        }
        catch (SqliteException e) when (StoreErrors.IsDamage(e))
        {
            return $"is damaged ({StoreErrors.Detail(e)})";
        }
    }

    // Renames what there is. The file's new path; null when nothing is left of it.
    private static string? SetAside(string path)
    {
        var parts = _parts.Where(part => File.Exists(path + part)).ToList();
        if (parts.Count == 0)
        {
            return null;
        }

        var aside = Enumerable.Range(1, int.MaxValue)
            .Select(n => $"{path}.damaged-{n}")
            .First(name => !Path.Exists(name));
        foreach (var part in parts)
        {
            File.Move(path + part, aside + part);
        }

        return aside;
    }

    // All at once: a store that is there is never half made.
    private static void Create(string path)
    {
        var unfinished = path + ".new";
        Delete(unfinished);
        OwnerOnly.Create(unfinished);
        using (var connection = Database.Open(unfinished, SqliteOpenMode.ReadWriteCreate))
        {
            connection.Execute($"PRAGMA application_id = {Schema.ApplicationId}");
            Schema.Migrate(connection, Schema.Migrations);
        }

        Delete(path);
        File.Move(unfinished, path);
    }

    /// <summary>Deletes what is there of a store.</summary>
    public static void Delete(string path)
    {
        foreach (var part in _parts)
        {
            File.Delete(path + part);
        }
    }
}
