using CodexSales.Rx.Local.Work;

namespace CodexSales.Rx.Local.Hooks;

/// <summary>A program of the operator's that does one kind of work, and its limits.</summary>
public sealed record HookCommand
{
    /// <summary>
    /// The program: a path, or a name that is looked up in the folders of <c>PATH</c>. No shell is involved.
    /// </summary>
    public required string Program { get; init; }

    /// <summary>What the program is given on its command line, each as it is.</summary>
    /// <value>None by default.</value>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>How long one run may take before it is ended.</summary>
    /// <value>More than 0.</value>
    /// <remarks>
    /// Time waited for a free place doesn't count. The pipeline's own deadlines go on besides, and end a run as well.
    /// </remarks>
    public required TimeSpan TimeLimit { get; init; }

    /// <summary>How many runs of this hook go on at once. More wait, in the order in which they came.</summary>
    /// <value>4 by default; from 1 to 1,000.</value>
    public int MaxProcesses { get; init; } = 4;

    /// <summary>How many bytes a line on standard output may have; a run that writes a longer one is ended.</summary>
    /// <value>64 KiB by default; from 1 to 16 MiB. A proof takes less than 1,000.</value>
    public int MaxLineBytes { get; init; } = 64 << 10;

    /// <summary>
    /// The variables of this process's environment that the program sees; the others, which may hold keys and addresses of nodes,
    /// it does not.
    /// </summary>
    /// <value>What programs need to be found, to find their files and to speak a language, by default.</value>
    public ImmutableArray<string> EnvironmentNames { get; init; } = DefaultEnvironmentNames;

    /// <summary>
    /// A name of what this process is that no other process which runs has, such as a folder that it has locked: by it,
    /// <see cref="EndOrphans"/> knows what an earlier process left. Null to leave that alone.
    /// </summary>
    /// <value>Null by default.</value>
    public string? Owner { get; init; }

    /// <summary>The variables that a program sees by default.</summary>
    public static ImmutableArray<string> DefaultEnvironmentNames { get; } =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "DOTNET_ROOT",
        "SystemRoot", "ComSpec", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "ProgramFiles",
    ];

    /// <summary>
    /// Ends the programs, and whatever they started, that an earlier process of an owner's has left running because it was killed.
    /// To be called before the first hook of that owner is run.
    /// </summary>
    /// <param name="owner">The <see cref="Owner"/> of their hooks.</param>
    /// <returns>How many processes were ended. 0 where the system does not tell the environment of processes.</returns>
    public static int EndOrphans(string owner) => ProcessFamily.EndOrphans(owner);

    /// <summary>
    /// Asks the program whether it can do its work, before any is given to it: it reads <c>{"hook":"check"}</c>, and answers as it
    /// does when something is done.
    /// </summary>
    /// <param name="scheduler">Gives the time for its limit; must be one that any thread may use.</param>
    /// <param name="cancellation">Ends the program.</param>
    /// <remarks>Threading: may be called from any thread; all work is done on the task pool.</remarks>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="HookException">The task's: it can't be started, says that it can't do it, or does not answer.</exception>
    public Task CheckAsync(IScheduler scheduler, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        OptionErrors.ThrowAny(FindErrors());
        return RunOnThreadPool.RunAsync(
            stop => new HookRunner("check", this, scheduler).RunAsync(HookInput.Check(), HookAnswer.IsDone, stop), cancellation);
    }

    /// <summary>How many of the last bytes on standard error are quoted when a run fails. All are read.</summary>
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
