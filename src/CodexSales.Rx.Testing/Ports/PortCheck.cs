namespace CodexSales.Rx.Testing.Ports;

/// <summary>Calls a port with patience, and notes which rules it breaks.</summary>
internal sealed class PortCheck(IScheduler time, TimeSpan patience)
{
    // Of the patience.
    private const int Moments = 1_000;

    private readonly List<PortViolation> _violations = [];

    public TimeSpan Patience => patience;

    /// <summary>Part of a check: what it can't go on after ends it, and not the others.</summary>
    public static async Task StepAsync(Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (StepOverException)
        {
        }
    }

    public void Note(PortRule rule, string call, string seen)
    {
        lock (_violations)
        {
            if (!_violations.Any(violation => (violation.Rule, violation.Call) == (rule, call)))
            {
                _violations.Add(new PortViolation(rule, call, seen));
            }
        }
    }

    public void Expect(bool holds, PortRule rule, string call, string seen)
    {
        if (!holds)
        {
            Note(rule, call, seen);
        }
    }

    /// <summary>Notes a broken rule after which the step can't go on.</summary>
    public Exception Fail(PortRule rule, string call, string seen)
    {
        Note(rule, call, seen);
        return new StepOverException();
    }

    public async Task DoAsync(string call, Func<CancellationToken, Task> work)
    {
        var task = Begin(call, () => work(CancellationToken.None));
        await WaitAsync(call, task).ConfigureAwait(false);
        if (!task.IsCompletedSuccessfully)
        {
            throw Fail(PortRule.Works, call, $"it fails with {ErrorOf(task)}");
        }
    }

    public async Task<T> AskAsync<T>(string call, Func<CancellationToken, Task<T>> question)
    {
        var task = await TryAsync(call, question).ConfigureAwait(false);
        return !task.IsCompletedSuccessfully
            ? throw Fail(PortRule.Works, call, $"it fails with {ErrorOf(task)}")
            : await task.ConfigureAwait(false) ?? throw Fail(PortRule.GivesAnAnswer, call, "the answer is null");
    }

    public async Task<Task<T>> TryAsync<T>(string call, Func<CancellationToken, Task<T>> question)
    {
        var task = Begin(call, () => question(CancellationToken.None));
        await WaitAsync(call, task).ConfigureAwait(false);
        return task;
    }

    /// <summary>A call must end, in whatever way, once its token is cancelled.</summary>
    public async Task CancelAsync(string call, Func<CancellationToken, Task> work)
    {
        foreach (var isLate in new[] { true, false })
        {
            using var cancellation = new CancellationTokenSource();
            if (!isLate)
            {
                Cancel(call, cancellation);
            }

            var task = Begin(call, () => work(cancellation.Token));
            Cancel(call, cancellation);
            if (!await IsOverAsync(task).ConfigureAwait(false))
            {
                throw Fail(PortRule.EndsWhenCancelled, call, $"it is not over {patience} after its token was cancelled");
            }
        }
    }

    // On the caller's thread: virtual time knows of no other.
    private void Cancel(string call, CancellationTokenSource cancellation)
    {
        try
        {
            cancellation.Cancel();
        }
        catch (AggregateException thrown)
        {
            Note(PortRule.EndsWhenCancelled, call, $"to cancel it throws {thrown.InnerException?.Message}");
        }
    }

    /// <summary>Waits until something holds; whether it does before patience is over.</summary>
    public async Task<bool> UntilAsync(Func<bool> holds)
    {
        for (var moment = 0; moment < Moments && !holds(); moment++)
        {
            await MomentAsync().ConfigureAwait(false);
        }

        return holds();
    }

    public async Task MomentAsync()
    {
        var over = new TaskCompletionSource();
        using var timer = time.Schedule(patience / Moments, over.SetResult);
        await over.Task.ConfigureAwait(false);
    }

    public async Task<bool> IsOverAsync(Task task)
    {
        if (!task.IsCompleted)
        {
            var late = new TaskCompletionSource();
            using var timer = time.Schedule(patience, () => late.TrySetResult());
            await Task.WhenAny(task, late.Task).ConfigureAwait(false);
        }

        return task.IsCompleted;
    }

    public static string ErrorOf(Task task) => task.Exception?.InnerException is { } error
        ? $"{error.GetType().Name}: {error.Message}"
        : "a cancellation that nobody asked for";

    public void ThrowIfBroken(string port)
    {
        if (_violations.Count > 0)
        {
            throw new ContractViolationException(
                $"The {port} breaks rules of its port:{string.Concat(_violations.Select(violation => $"\n- {violation}"))}")
            {
                Violations = [.. _violations],
            };
        }
    }

    public TTask Begin<TTask>(string call, Func<TTask> begin)
        where TTask : Task
    {
        try
        {
            return begin() ?? throw Fail(PortRule.GivesATask, call, "it gives null in place of a task");
        }
        catch (Exception thrown) when (thrown is not StepOverException)
        {
            throw Fail(PortRule.FailsItsTask, call, $"it throws {thrown.GetType().Name}: {thrown.Message}");
        }
    }

    private async Task WaitAsync(string call, Task task)
    {
        if (!await IsOverAsync(task).ConfigureAwait(false))
        {
            throw Fail(PortRule.ComesToAnEnd, call, $"it is not over after {patience}");
        }
    }

    public static bool IsNoted(Exception thrown) => thrown is StepOverException;

    private sealed class StepOverException : InvalidOperationException;
}
