namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>One message of questions and the answers that have come to it. Guarded by its session.</summary>
internal sealed class RpcExchange(long firstId, ReadOnlyMemory<byte> message, int questions)
{
    private readonly RpcReply?[] _replies = new RpcReply?[questions];
    private readonly TaskCompletionSource<IReadOnlyList<RpcReply>> _whole = new();
    private int _missing = questions;

    public long FirstId => firstId;

    public ReadOnlyMemory<byte> Message => message;

    public int Questions => _replies.Length;

    public Task<IReadOnlyList<RpcReply>> Whole => _whole.Task;

    /// <summary>Whether the node may have got the questions.</summary>
    public bool IsSent { get; set; }

    /// <summary>The timer that ends the wait for the answers.</summary>
    public IDisposable? Deadline { get; set; }

    /// <summary>Takes the answer to one question; whether it was the last one missing.</summary>
    public bool Take(long id, RpcReply reply)
    {
        ref var place = ref _replies[id - firstId];
        if (place is not null)
        {
            return false;
        }

        place = reply;
        return --_missing == 0;
    }

    /// <summary>Takes one reply for all that are missing.</summary>
    public void TakeRest(RpcReply reply)
    {
        foreach (ref var missing in _replies.AsSpan())
        {
            missing ??= reply;
        }
    }

    public void GiveUp(string detail) => TakeRest(new RpcNoAnswer(detail, IsSent));

    public void Complete() => _whole.TrySetResult(_replies!);

    public void Cancel(CancellationToken cancellationToken) => _whole.TrySetCanceled(cancellationToken);
}
