namespace CodexSales.Rx.Testing.Marbles;

/// <summary>
/// An observer that notes when an observable breaks the rules of Rx: one notification at a time, none after the end.
/// </summary>
internal sealed class SerialObserver<T>(string what, List<string> problems, Action<T> next, Action<Exception> failed)
    : IObserver<T>
{
    private bool _isInside;
    private bool _hasEnded;

    public void OnNext(T value)
    {
        Enter();
        next(value);
        _isInside = false;
    }

    public void OnError(Exception error)
    {
        Enter();
        _hasEnded = true;
        failed(error);
        _isInside = false;
    }

    public void OnCompleted()
    {
        Enter();
        _hasEnded = true;
        _isInside = false;
    }

    private void Enter()
    {
        if (_isInside || _hasEnded)
        {
            var where = _isInside ? "inside of another" : "after the end";
            problems.Add($"{what} break the rules of Rx: a notification {where}");
        }

        _isInside = true;
    }
}
