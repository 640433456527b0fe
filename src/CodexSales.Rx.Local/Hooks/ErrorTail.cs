namespace CodexSales.Rx.Local.Hooks;

/// <summary>The last bytes of what a hook writes on standard error, where programs say what is wrong.</summary>
internal sealed class ErrorTail(int limit)
{
    private readonly Lock _gate = new();
    private byte[] _tail = [];

    public async Task ReadAsync(Stream errors, CancellationToken cancellationToken)
    {
        var buffer = new byte[4_096];
        while (await errors.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            lock (_gate)
            {
                var all = (byte[])[.. _tail, .. buffer.AsSpan(0, read)];
                _tail = all[^Math.Min(limit, all.Length)..];
            }
        }
    }

    /// <summary>A sentence that quotes it, with a space before it; nothing when there is nothing.</summary>
    public string Quote()
    {
        byte[] tail;
        lock (_gate)
        {
            tail = _tail;
        }

        var text = HookText.Of(tail);
        return text.Length == 0 ? "" : $" Its standard error ends with: '{text}'.";
    }
}
