namespace CodexSales.Rx.Local.Work;

/// <summary>Work that leaves the core scheduler alone, from its first step to what cancelling it sets off.</summary>
internal static class RunOnThreadPool
{
    /// <remarks>Cancelling runs what waits for the token on the canceller's thread, the core's. The work gets a token
    /// of its own, cancelled at the same moment, whose callbacks run on the pool.</remarks>
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var stop = new CancellationTokenSource();
        await using var link = cancellationToken.UnsafeRegister(
            static state => _ = ((CancellationTokenSource)state!).CancelAsync(), stop).ConfigureAwait(false);
        return await Task.Run(() => work(stop.Token), CancellationToken.None).ConfigureAwait(false);
    }

    public static Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken) => RunAsync(
        async stop =>
        {
            await work(stop).ConfigureAwait(false);
            return true;
        },
        cancellationToken);
}
