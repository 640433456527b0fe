namespace CodexSales.Rx.Local.Hooks;

/// <summary>One run of a hook, from its start until nothing of it is left.</summary>
internal sealed class HookRun(string name, HookCommand hook, HookProcess process, IScheduler scheduler)
{
    // A process that can't be found any more may hold on to the streams of one that has ended; and one that has said all, or can't
    // say any more, may forget to end.
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(5);

    private const int QuotedBytes = 200;

    private readonly ErrorTail _errors = new(hook.MaxErrorBytes);

    // Why the hook does not end by itself. The exception is made at the end, when all of standard error is there.
    private readonly TaskCompletionSource<Func<Exception>> _stop =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _overdue = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HookAnswer? _lastAnswer;
    private IDisposable? _overdueTimer;

    /// <summary>Tells the hook what to do, and hands on its answers until one is the last.</summary>
    /// <exception cref="HookException">The hook did not do it.</exception>
    /// <exception cref="OperationCanceledException">Nobody wants it any more.</exception>
    public async Task RunAsync(
        ReadOnlyMemory<byte> input, Func<HookAnswer, bool> isLastAnswer, CancellationToken cancellationToken)
    {
        await using var link = cancellationToken.UnsafeRegister(
            _ => _stop.TrySetResult(() => new OperationCanceledException(cancellationToken)), null)
            .ConfigureAwait(false);
        var goodbye = new CancellationTokenSource();
        var exit = Quietly(process.WaitForExitAsync(goodbye.Token));
        Task streams;
        using (scheduler.Schedule(hook.TimeLimit, StopAtLimit))
        {
            streams = Task.WhenAll(
                Quietly(process.TellAsync(input, goodbye.Token)),
                Quietly(_errors.ReadAsync(process.Errors, goodbye.Token)),
                Quietly(ReadAnswersAsync(isLastAnswer, goodbye.Token)));
            await Task.WhenAny(exit, _stop.Task, _overdue.Task).ConfigureAwait(false);
        }

        var endedByItself = exit.IsCompleted;
        process.Kill();
        using (scheduler.Schedule(LongestGoodbye, () => _ = goodbye.CancelAsync()))
        {
            await Task.WhenAll(exit, streams).ConfigureAwait(false);
        }

        _overdueTimer?.Dispose();
        await ThrowUnlessDoneAsync(endedByItself).ConfigureAwait(false);
    }

    private async Task ReadAnswersAsync(Func<HookAnswer, bool> isLastAnswer, CancellationToken goodbye)
    {
        try
        {
            var areShort = await HookOutput.ReadAsync(
                process.Output, hook.MaxLineBytes, line => Note(line, isLastAnswer), goodbye).ConfigureAwait(false);
            if (!areShort)
            {
                Stop(
                    HookFailure.LineTooLong,
                    $"wrote a line of more than {hook.MaxLineBytes} bytes on its standard output, and was ended");
            }

            EndSoon();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _stop.TrySetResult(() =>
                error is FormatException ? Trouble(HookFailure.BadAnswer, error.Message) : error);
        }
    }

    private void Note(ReadOnlyMemory<byte> line, Func<HookAnswer, bool> isLastAnswer)
    {
        try
        {
            var answer = _lastAnswer is null
                ? HookAnswer.Parse(line)
                : throw new FormatException("nothing is expected after the last answer");
            _lastAnswer = answer is HookAnswer.Refused || isLastAnswer(answer) ? answer : null;
            if (_lastAnswer is not null)
            {
                EndSoon();
            }
        }
        catch (FormatException error)
        {
            throw new FormatException(
                $"wrote '{HookText.BeginningOf(line.Span, QuotedBytes)}', which is no answer: {error.Message}", error);
        }
    }

    // Only the reader of the output comes here. An answer that is complete counts, whether the program ends by itself or
    // not: a proof is worth a lot.
    private void EndSoon() => _overdueTimer ??= scheduler.Schedule(LongestGoodbye, () => _overdue.TrySetResult());

    private async Task ThrowUnlessDoneAsync(bool endedByItself)
    {
        if (_stop.Task.IsCompleted)
        {
            throw (await _stop.Task.ConfigureAwait(false))();
        }

        if (_lastAnswer is HookAnswer.Refused refused)
        {
            throw Trouble(HookFailure.Refused, $"says: {HookText.Of(refused.Reason)}");
        }

        if (endedByItself && process.ExitCode != 0)
        {
            throw Trouble(HookFailure.Failed, $"ended {Describe(process.ExitCode)}");
        }

        if (_lastAnswer is null)
        {
            throw Trouble(
                HookFailure.BadAnswer,
                endedByItself ? "ended without an answer" : "closed its standard output without an answer, and was ended");
        }
    }

    private void StopAtLimit() => Stop(HookFailure.TimedOut, $"took longer than {hook.TimeLimit}, and was ended");

    private void Stop(HookFailure failure, string what) => _stop.TrySetResult(() => Trouble(failure, what));

    private HookException Trouble(HookFailure failure, string what) =>
        new(failure, name, hook, what, _errors.Quote());

    // A program that ends with such a code by itself means the same: shells pass on how their last command ended.
    public static string Describe(int exitCode) => exitCode is > 128 and <= 128 + 64 && !OperatingSystem.IsWindows()
        ? string.Create(CultureInfo.InvariantCulture, $"by signal {exitCode - 128} (exit code {exitCode})")
        : string.Create(CultureInfo.InvariantCulture, $"with exit code {exitCode}");

    // Cancelling only ever says goodbye: by then, how the run ended is decided.
    private static async Task Quietly(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
