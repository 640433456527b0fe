using System.Runtime.CompilerServices;

namespace CodexSales.Rx.Resilience;

/// <summary>What a port gives where null is no answer: that is an error of the port, told with its name and the member's.</summary>
internal static class NoNull
{
    public static Exception Error(string port, string how, [CallerMemberName] string member = "") =>
        new InvalidOperationException($"{port}.{member} {how}.");

    /// <summary>A task that fails where there is none.</summary>
    public static Task Done(string port, Task? work, [CallerMemberName] string member = "") =>
        work ?? Task.FromException(Error(port, "gives null in place of a task", member));

    /// <summary>A task that fails where there is none, or its answer is null.</summary>
    public static Task<T> Answer<T>(
        string port, Task<T>? answer, Func<T, bool>? hasNull = null, [CallerMemberName] string member = "")
    {
        return answer is null ? Task.FromException<T>(Error(port, "gives null in place of a task", member))
            : answer.IsCompleted ? Checked(answer)

            // Not awaited: where it has a context, an awaiter would leave the thread that answers, and in virtual time there is
            // no other.
            : answer.ContinueWith(Checked, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .Unwrap();

        Task<T> Checked(Task<T> task) =>
            !task.IsCompletedSuccessfully ? task
            : task.GetAwaiter().GetResult() is not { } given ? Task.FromException<T>(Error(port, "answers null", member))
            : hasNull?.Invoke(given) is true ? Task.FromException<T>(Error(port, "answers with null in a list", member))
            : task;
    }
}
