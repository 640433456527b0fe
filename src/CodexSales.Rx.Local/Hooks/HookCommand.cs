using CodexSales.Rx.Local.Work;

namespace CodexSales.Rx.Local.Hooks;

/// <summary>A program of the operator's that does one kind of work, and its limits.</summary>
public sealed record HookCommand
{
    /// <summary>A path, or a name that is looked up in the folders of <c>PATH</c>. No shell is involved.</summary>
    public required string Program { get; init; }

    /// <summary>The arguments on the program's command line, each as it is.</summary>
    /// <value>None by default.</value>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>The time after which a run is ended.</summary>
    /// <value>More than 0.</value>
    /// <remarks>Waiting for a free place doesn't count. The pipeline's own deadlines end a run as well.</remarks>
    public required TimeSpan TimeLimit { get; init; }

    /// <summary>The most runs of this hook at once. More wait, in the order in which they came.</summary>
    /// <value>4 by default; from 1 to 1,000.</value>
    public int MaxProcesses { get; init; } = 4;

    /// <summary>The most bytes of a line on standard output; a run that writes a longer one is ended.</summary>
    /// <value>64 KiB by default; from 1 to 16 MiB. A proof takes less than 1,000.</value>
    public int MaxLineBytes { get; init; } = 64 << 10;

    /// <summary>The environment variables that the program sees; others may hold keys and addresses of nodes.</summary>
    /// <value>What programs need to be found, to find their files and to speak a language, by default.</value>
    public ImmutableArray<string> EnvironmentNames { get; init; } = DefaultEnvironmentNames;

    /// <summary>
    /// A name that no other running process has, such as a locked folder, by which <see cref="EndOrphans"/> finds what
    /// an earlier process left. Null to leave that alone.
    /// </summary>
    /// <value>Null by default.</value>
    public string? Owner { get; init; }

    /// <summary>The variables that a program sees by default.</summary>
    public static ImmutableArray<string> DefaultEnvironmentNames { get; } =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "DOTNET_ROOT",
        "SystemRoot", "ComSpec", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "ProgramFiles",
    ];

    /// <summary>Ends all that a killed process of this owner left running. Call it before its first hook.</summary>
    /// <param name="owner">The <see cref="Owner"/> of their hooks.</param>
    /// <returns>How many processes were ended. 0 where the system does not tell the environment of processes.</returns>
    public static int EndOrphans(string owner) => ProcessFamily.EndOrphans(owner);

    /// <summary>Asks the program whether it can work: <c>{"hook":"check"}</c>, answered by done.</summary>
    /// <param name="scheduler">Gives the time for its limit; must be one that any thread may use.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <remarks>Threading: may be called from any thread; all work is done on the task pool.</remarks>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="HookException">The task's: it can't be started, says that it can't do it, or does not answer.</exception>
    public Task CheckAsync(IScheduler scheduler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        OptionErrors.ThrowAny(FindErrors());
        return RunOnThreadPool.RunAsync(
            stop => new HookRunner("check", this, scheduler).RunAsync(HookInput.Check(), HookAnswer.IsDone, stop),
            cancellationToken);
    }

    /// <summary>Tells the program something, and takes its exit code for the answer: 0 for that it was heard.</summary>
    /// <param name="name">What it is called in sentences: "The alert hook '…' ended with exit code 3."</param>
    /// <param name="line">What it reads on standard input, which then ends. Its standard output is not read.</param>
    /// <param name="scheduler">Gives the time for its limit; must be one that any thread may use.</param>
    /// <param name="cancellation">Ends the program.</param>
    /// <remarks>Threading: may be called from any thread; all work is done on the task pool. <see cref="MaxProcesses"/> is the caller's to keep.</remarks>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="HookException">The task's: it can't be started, takes too long, or ends with another exit code.</exception>
    public Task TellAsync(string name, ReadOnlyMemory<byte> line, IScheduler scheduler, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(scheduler);
        OptionErrors.ThrowAny(FindErrors());
        return RunOnThreadPool.RunAsync(stop => new OneWayRun(name, this, scheduler).RunAsync(line, stop), cancellation);
    }

    /// <summary>The most of the last bytes on standard error that are quoted when a run fails. All are read.</summary>
    /// <value>1,024 by default; from 0 to 1 MiB.</value>
    public int MaxErrorBytes { get; init; } = 1_024;

    /// <summary>All that is wrong with it, a sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> FindErrors() =>
    [
        .. OptionErrors.Unless(!string.IsNullOrWhiteSpace(Program), nameof(Program), $"'{Program}'", "a path or a name"),
        .. OptionErrors.Unless(!Arguments.IsDefault, nameof(Arguments), null, "a list, which may be empty,"),
        .. OptionErrors.Unless(!EnvironmentNames.IsDefault, nameof(EnvironmentNames), null, "a list, which may be empty,"),
        .. OptionErrors.Unless(TimeLimit > TimeSpan.Zero, nameof(TimeLimit), TimeLimit, "more than 0"),
        .. OutOfRange(nameof(MaxProcesses), MaxProcesses, 1, 1_000),
        .. OutOfRange(nameof(MaxLineBytes), MaxLineBytes, 1, 16 << 20),
        .. OutOfRange(nameof(MaxErrorBytes), MaxErrorBytes, 0, 1 << 20),
    ];

    private static IEnumerable<string> OutOfRange(string name, int value, int least, int most) =>
        OptionErrors.Unless(value >= least && value <= most, name, value, $"{least} to {most}");
}
