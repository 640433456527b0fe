using System.ComponentModel;
using System.Threading.Channels;

namespace CodexSales.Rx.Local.Hooks;

/// <summary>Runs a hook as often as it is needed, and no more often at once than it may.</summary>
internal sealed class HookRunner
{
    // As Unix counts them.
    private const int NotFound = 2;
    private const int FormatError = 8;

    private readonly string _name;
    private readonly HookCommand _hook;
    private readonly IScheduler _scheduler;

    // One entry for each run that may start now. Runs that wait are served in order.
    private readonly Channel<bool> _places;

    public HookRunner(string name, HookCommand hook, IScheduler scheduler)
    {
        (_name, _hook, _scheduler) = (name, hook, scheduler);
        _places = Channel.CreateUnbounded<bool>();
        for (var place = 0; place < hook.MaxProcesses; place++)
        {
            _places.Writer.TryWrite(true);
        }
    }

    /// <summary>Waits for a place, runs the hook, and completes when nothing of it is left.
    /// <paramref name="isLastAnswer"/> throws a <see cref="FormatException"/> for what is no answer.</summary>
    /// <exception cref="HookException">The hook did not do what it should.</exception>
    public async Task RunAsync(
        ReadOnlyMemory<byte> input, Func<HookAnswer, bool> isLastAnswer, CancellationToken cancellationToken)
    {
        await _places.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await HookMetrics.MeasureAsync(
                _name, _scheduler.StartStopwatch(), () => RunOnceAsync(input, isLastAnswer, cancellationToken))
                .ConfigureAwait(false);
        }
        finally
        {
            _places.Writer.TryWrite(true);
        }
    }

    private async Task RunOnceAsync(
        ReadOnlyMemory<byte> input, Func<HookAnswer, bool> isLastAnswer, CancellationToken cancellationToken)
    {
        using var process = Start();
        await new HookRun(_name, _hook, process, _scheduler).RunAsync(input, isLastAnswer, cancellationToken)
            .ConfigureAwait(false);
    }

    public HookProcess Start()
    {
        try
        {
            return HookProcess.Start(_hook);
        }
        catch (Win32Exception error)
        {
            // Its message names the folder of the host's process; the system's own words are enough.
            var why = new Win32Exception(error.NativeErrorCode).Message + HintOf(error.NativeErrorCode);
            throw new HookException(HookFailure.NotStarted, _name, _hook, $"can't be started: {why}", cause: error);
        }
    }

    // The system's words about a script are about its first line.
    private string HintOf(int error) => (OperatingSystem.IsWindows(), error) switch
    {
        (false, FormatError) => " (a script's first line is \"#!\" and its interpreter, such as #!/bin/sh)",
        (false, NotFound) when File.Exists(_hook.Program) => " (it is there, but the interpreter that its first line names is not)",
        _ => "",
    };
}
