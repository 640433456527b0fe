namespace CodexSales.Rx.Ethereum.Calls;

/// <summary>An answer that never changes: asked for until it is given, then remembered.</summary>
/// <remarks>Threading: any thread.</remarks>
internal sealed class Remembered<T>(Func<CancellationToken, Task<T>> ask)
{
    private Task<T>? _answer;

    public async Task<T> GetAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _answer) is { } answered)
        {
            return await answered.ConfigureAwait(false);
        }

        var answer = await ask(cancellation).ConfigureAwait(false);
        Volatile.Write(ref _answer, Task.FromResult(answer));
        return answer;
    }
}
