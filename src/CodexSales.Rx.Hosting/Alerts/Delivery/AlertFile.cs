using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodexSales.Rx.Hosting.Alerts.Delivery;

/// <summary>A file of one JSON document with what a restart must not forget. Nobody but its owner may read it.</summary>
internal static class AlertFile
{
    /// <summary>Reads it; null when there is none.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="JsonException">It is damaged.</exception>
    public static StoredAlerts? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), AlertJson.Default.StoredAlerts)
                is { Instance: not null, Memory: { Active: not null, Past: not null }, Waiting: not null } read
                ? read
                : throw new JsonException("It is no file of alerts.");
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Puts it in the place of the one that is there, all at once.</summary>
    /// <exception cref="IOException">It can't be written, and the one that is there stays.</exception>
    public static void Write(string path, StoredAlerts stored)
    {
        var unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(unfinished, options))
        {
            JsonSerializer.Serialize(file, stored, AlertJson.Default.StoredAlerts);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}

/// <summary>What a restart must not forget.</summary>
/// <param name="Instance">A name that no other host has: it begins the key of each message.</param>
/// <param name="Memory">The alerts.</param>
/// <param name="Waiting">What waits for each receiver, the oldest first.</param>
internal sealed record StoredAlerts(string Instance, AlertMemory Memory, IReadOnlyDictionary<string, IReadOnlyList<AlertMessage>> Waiting);

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(StoredAlerts))]
internal sealed partial class AlertJson : JsonSerializerContext;
