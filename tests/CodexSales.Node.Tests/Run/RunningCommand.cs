using System.Reactive;
using System.Reactive.Subjects;
using CodexSales.Node.Cli;
using CodexSales.Rx.Testing.Time;
using Microsoft.Extensions.Configuration;

namespace CodexSales.Node.Tests.Run;

/// <summary>The "run" command in this process, until it ends by itself or is interrupted.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private readonly CancellationTokenSource _interruption = new();
    private readonly Subject<Unit> _reloads = new();
    private readonly Task<int> _run;

    private RunningCommand(IReadOnlyList<string> arguments, string? settingsFile, IConfiguration environment) =>
        _run = CommandLine.RunAsync(
            // Many run at once, and the usual port is one.
            ["run", .. arguments, .. arguments.Contains("--listen") ? Array.Empty<string>() : ["--listen", "none"]],
            new CliEnvironment
            {
                Output = Lines,
                Error = Errors,
                WallClock = new VirtualTime(),
                SettingsFile = settingsFile,
                Environment = environment,
                Reloads = _reloads,
            },
            _interruption.Token);

    public ToldLines Lines { get; } = new();

    public ToldLines Errors { get; } = new();

    public static RunningCommand Start(params IReadOnlyList<string> arguments) =>
        new(arguments, null, new ConfigurationBuilder().Build());

    /// <summary>With options from elsewhere.</summary>
    /// <param name="settingsFile">The settings file.</param>
    /// <param name="environment">Variables by their names without prefix.</param>
    /// <param name="arguments">The command line after "run".</param>
    public static RunningCommand StartWith(
        string? settingsFile, Dictionary<string, string?> environment, params IReadOnlyList<string> arguments) =>
        new(arguments, settingsFile, new ConfigurationBuilder().AddInMemoryCollection(environment).Build());

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> EndAsync() => _run.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    /// <summary>Has it read its options again, as a hang-up does where there is no terminal.</summary>
    public void Reload() => _reloads.OnNext(Unit.Default);

    /// <summary>Interrupts it as Ctrl-C does, and waits until it has ended.</summary>
    public async Task<int> InterruptAsync()
    {
        await _interruption.CancelAsync();
        return await EndAsync();
    }

    /// <summary>That it ends with exit code 2 and one sentence.</summary>
    public async Task AssertRefusedAsync(string sentence)
    {
        Assert.Equal(2, await EndAsync());
        Assert.Equal(sentence + "\n", $"{Errors}");
    }

    public async ValueTask DisposeAsync()
    {
        await _interruption.CancelAsync();
        await _run.WaitAsync(TimeSpan.FromMinutes(1));
        _interruption.Dispose();
        _reloads.Dispose();
    }
}
