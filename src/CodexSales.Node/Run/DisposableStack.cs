namespace CodexSales.Node.Run;

/// <summary>Disposes of what was added to it, in the reverse order.</summary>
internal sealed class DisposableStack : IDisposable
{
    private readonly Stack<IDisposable> _parts = [];

    public T Add<T>(T part)
        where T : IDisposable
    {
        _parts.Push(part);
        return part;
    }

    public void Dispose()
    {
        while (_parts.TryPop(out var part))
        {
            part.Dispose();
        }
    }
}
