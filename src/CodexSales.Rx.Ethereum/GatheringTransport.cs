using System.Reactive;

namespace CodexSales.Rx.Ethereum;

/// <summary>Sends the questions of one moment in one message: with a block, each hosted slot asks for itself. A
/// cancelled token ends the wait, not the message. Threading: any thread.</summary>
internal class GatheringTransport(IRpcTransport inner, IScheduler scheduler) : IRpcTransport
{
    private readonly Lock _gate = new();
    private List<Part> _waiting = [];

    /// <summary>Gathers for a transport; what is a link stays one.</summary>
    public static IRpcTransport Of(IRpcTransport inner, IScheduler scheduler) =>
        inner is IRpcLink link ? new GatheringLink(link, scheduler) : new GatheringTransport(inner, scheduler);

    public async Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellationToken) =>
        (await AskAsync([request], cancellationToken).ConfigureAwait(false))[0];

    public async Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellationToken)
    {
        var part = new Part(requests, new TaskCompletionSource<IReadOnlyList<RpcReply>>());
        bool isFirst;
        lock (_gate)
        {
            isFirst = _waiting.Count == 0;
            _waiting.Add(part);
        }

        if (isFirst)
        {
            scheduler.Schedule(() => _ = SendAsync());
        }

        await using var cancelled = cancellationToken.Register(() => part.Replies.TrySetCanceled(cancellationToken))
            .ConfigureAwait(false);
        return await part.Replies.Task.ConfigureAwait(false);
    }

    private async Task SendAsync()
    {
        List<Part> parts;
        lock (_gate)
        {
            (parts, _waiting) = (_waiting, []);
        }

        parts.RemoveAll(part => part.Replies.Task.IsCompleted);
        try
        {
            var replies = parts.Count == 0 ? [] : await inner
                .AskAsync([.. parts.SelectMany(part => part.Requests)], CancellationToken.None).ConfigureAwait(false);
            var next = 0;
            foreach (var part in parts)
            {
                part.Replies.TrySetResult([.. replies.Skip(next).Take(part.Requests.Count)]);
                next += part.Requests.Count;
            }
        }
        catch (Exception fault)
        {
            // Not a reason of the world: whoever asked has to hear of it.
            parts.ForEach(part => part.Replies.TrySetException(fault));
        }
    }

    private sealed record Part(
        IReadOnlyList<RpcRequest> Requests, TaskCompletionSource<IReadOnlyList<RpcReply>> Replies);

    private sealed class GatheringLink(IRpcLink link, IScheduler scheduler)
        : GatheringTransport(link, scheduler), IRpcLink
    {
        public RpcLinkState State => link.State;

        public IObservable<RpcLinkState> States => link.States;

        public IObservable<Unit> Wakes => link.Wakes;

        public void Suspect(string reason) => link.Suspect(reason);

        // The link is somebody else's.
        public void Dispose()
        {
        }
    }
}
