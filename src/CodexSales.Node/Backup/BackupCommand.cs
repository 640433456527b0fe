using System.CommandLine;
using CodexSales.Node.Cli;
using CodexSales.Node.Run;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Local.Files;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Sqlite;

namespace CodexSales.Node.Backup;

/// <summary>"backup" and "restore": copies what a node remembers, also while it sells, and back into an empty folder.</summary>
internal sealed class BackupCommand
{
    private readonly Option<string> _data = TextOption.Required("--data", "The folder of \"run\"; it may be in use by a running node", "DIR");

    private readonly Option<string> _emptyData =
        TextOption.Required("--data", "The folder of \"run\"; made when it is not there, and no node may have it", "DIR");

    private readonly Argument<string> _file = new("FILE")
    {
        Description = "The copy",
        Validators = { given => TextOption.RefuseEmpty(given, "FILE", "a path") },
    };

    /// <summary>Both commands.</summary>
    public IEnumerable<Command> Make(CliEnvironment environment)
    {
        var backup = new Command("backup", "Copies what a node remembers into a file of its own, also while it sells") { _file, _data };
        backup.SetAction((parsed, _) => TryAsync(environment, () => Copy(parsed.GetRequiredValue(_file), parsed.GetRequiredValue(_data))));
        var restore = new Command("restore", "Puts such a copy where nothing is remembered yet") { _file, _emptyData };
        restore.SetAction((parsed, _) => TryAsync(environment, () => Restore(parsed.GetRequiredValue(_file), parsed.GetRequiredValue(_emptyData))));
        return [backup, restore];
    }

    private static string Copy(string file, string folder)
    {
        StoreBackup.Make(SalesFile.In(folder), file);
        return $"{SalesFile.In(folder)} is copied to {file}.";
    }

    private static string Restore(string file, string folder)
    {
        var isNew = !Directory.Exists(folder);
        try
        {
            OwnerOnly.CreateFolder(folder);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new CannotSellException($"--data: {unusable.Message}", unusable);
        }

        try
        {
            StoreBackup.Restore(file, SalesFile.In(folder));
        }
        catch (SalesStoreException) when (isNew)
        {
            RemoveEmpty(folder);
            throw;
        }

        return $"{file} is restored to {SalesFile.In(folder)}.";
    }

    // Never with what is in it: that is another process's, which has come meanwhile.
    private static void RemoveEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // It stays: what is told is why nothing is restored.
        }
    }

    private static async Task<int> TryAsync(CliEnvironment environment, Func<string> act)
    {
        try
        {
            await environment.Output.WriteLineAsync(act()).ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (SalesStoreException impossible)
        {
            await environment.ComplainAsync(impossible.Message).ConfigureAwait(false);
            return ExitCode.BadInput;
        }
    }
}
