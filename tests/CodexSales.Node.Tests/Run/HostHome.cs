using CodexSales.Node.Tests.Replay;

namespace CodexSales.Node.Tests.Run;

/// <summary>All that a host needs to sell on a market: a key, a hook and a folder for its data.</summary>
internal sealed class HostHome(MarketOnANode market) : IDisposable
{
    private readonly TemporaryFiles _files = new();

    /// <summary>Where the program is started.</summary>
    public string Root => _files.Root;

    /// <summary>The folder of what is remembered and stored.</summary>
    public string Data
    {
        get => field ?? _files.PathOf("data");
        init;
    }

    public string Store => Path.Combine(Data, "sales.db");

    /// <summary>The command line.</summary>
    public string[] Arguments =>
    [
        "run", "--rpc", $"{market.Node.WebSocketUrl}", "--marketplace", $"{market.Contract.Marketplace}",
        "--key-file", WriteFor(UnixFileMode.UserRead, "key", MarketOnANode.HostKey), "--data", Data,
        "--hook", WriteFor(UnixFileMode.UserRead | UnixFileMode.UserExecute, "hook", SellingTests.Hook),
        "--availability", "size=100KiB,duration=30d,price=1,collateral=1000000", "--report-every", "1",
        "--listen", "none",
    ];

    /// <summary>Starts the program.</summary>
    public RunningProgram Start(params IEnumerable<string> more) => RunningProgram.Start(Root, [.. Arguments, .. more]);

    public void Dispose() => _files.Dispose();

    private string WriteFor(UnixFileMode mode, string name, string text)
    {
        var path = _files.PathOf(name);
        if (!File.Exists(path))
        {
            _files.WriteText(name, text);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        return path;
    }
}
