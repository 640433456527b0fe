using System.Text;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Rpc;

/// <summary>A connection to a node that says what a test tells it to.</summary>
internal sealed class ScriptedWire : IWire
{
    private readonly Queue<ReadOnlyMemory<byte>?> _incoming = [];
    private TaskCompletionSource<ReadOnlyMemory<byte>?>? _waiting;

    /// <summary>What was sent, in order.</summary>
    public List<string> Sent { get; } = [];

    /// <summary>Called with each message inside of the call that sends it.</summary>
    public Action<string> OnSent { get; set; } = _ => { };

    public bool IsDisposed { get; private set; }

    public void Say(string frame) => Deliver(Encoding.UTF8.GetBytes(frame));

    public void SayRaw(byte[] frame) => Deliver(frame);

    public void Close() => Deliver(null);

    public void Break(string message) => _waiting!.SetException(new IOException(message));

    public Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        var text = Encoding.UTF8.GetString(message.Span);
        Sent.Add(text);
        OnSent(text);
        return Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellation)
    {
        if (_incoming.TryDequeue(out var frame))
        {
            return Task.FromResult(frame);
        }

        var waiting = _waiting = new TaskCompletionSource<ReadOnlyMemory<byte>?>();
        cancellation.Register(() => waiting.TrySetCanceled(cancellation));
        return waiting.Task;
    }

    public void Dispose() => IsDisposed = true;

    private void Deliver(ReadOnlyMemory<byte>? frame)
    {
        if (_waiting is { Task.IsCompleted: false } waiting)
        {
            waiting.SetResult(frame);
        }
        else
        {
            _incoming.Enqueue(frame);
        }
    }
}
