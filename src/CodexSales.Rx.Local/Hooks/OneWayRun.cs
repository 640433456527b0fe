namespace CodexSales.Rx.Local.Hooks;

/// <summary>One run of a program that is told something, and answers by its exit code alone.</summary>
internal sealed class OneWayRun(string name, HookCommand hook, IScheduler scheduler)
{
    // As of a hook: a process that can't be found any more may hold on to the streams of one that has ended.
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(5);

    private readonly ErrorTail _errors = new(hook.MaxErrorBytes);

    /// <exception cref="HookException">It can't be started, ended with another exit code than 0, or took too long.</exception>
    /// <exception cref="OperationCanceledException">Nobody wants it any more.</exception>
    public async Task RunAsync(ReadOnlyMemory<byte> line, CancellationToken cancellation)
    {
        using var process = new HookRunner(name, hook, scheduler).Start();
        using var goodbye = new CancellationTokenSource();
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var link = cancellation.UnsafeRegister(_ => stopped.TrySetCanceled(cancellation), null).ConfigureAwait(false);
        var exit = process.WaitForExitAsync(CancellationToken.None);
        var streams = Task.WhenAll(
            process.TellAsync(line, goodbye.Token),
            _errors.ReadAsync(process.Errors, goodbye.Token),
            process.Output.CopyToAsync(Stream.Null, goodbye.Token));
        using (scheduler.Schedule(hook.TimeLimit, () => stopped.TrySetResult()))
        {
            await Task.WhenAny(exit, stopped.Task).ConfigureAwait(false);
        }

        var endedByItself = exit.IsCompleted;
        process.Kill();
        using (scheduler.Schedule(LongestGoodbye, () => _ = goodbye.CancelAsync()))
        {
            await Task.WhenAll(exit, streams).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!endedByItself)
        {
            await stopped.Task.ConfigureAwait(false);
            throw Trouble(HookFailure.TimedOut, $"took longer than {hook.TimeLimit}, and was ended");
        }

        if (process.ExitCode != 0)
        {
            throw Trouble(HookFailure.Failed, $"ended {HookRun.Describe(process.ExitCode)}");
        }
    }

    private HookException Trouble(HookFailure failure, string what) => new(failure, name, hook, what, _errors.Quote());
}
