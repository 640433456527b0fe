namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Asks every node now and then whether it has the same final block, and tells the names of those that have
/// not. Lives on the scheduler.</summary>
internal sealed class FinalAgreement(
    IRpcLink link, IntakeStatus status, IScheduler scheduler, CancellationToken cancellation)
{
    private static readonly TimeSpan _every = TimeSpan.FromMinutes(2);

    private readonly HashSet<string> _told = [];
    private readonly IStopwatch _clock = scheduler.StartStopwatch();
    private TimeSpan _next = _every;

    /// <summary>Asks if it is time for that. Other things go on meanwhile.</summary>
    public void Begin(BlockStamp? final)
    {
        if (final is { } block && link.Endpoints.Count > 1 && _clock.Elapsed >= _next)
        {
            _next = _clock.Elapsed + _every;
            foreach (var other in link.Endpoints.Where(one => one.State.Endpoint != link.State.Endpoint))
            {
                _ = CompareAsync(block, link.State.Endpoint, other);
            }
        }
    }

    private async Task CompareAsync(BlockStamp final, string asked, IRpcLink other)
    {
        try
        {
            var reply = await other.AskAsync(NodeQuestions.GetBlock(final.Number), cancellation).ConfigureAwait(false);
            await scheduler.Yield(cancellation).ConfigureAwait(false);
            var name = other.State.Endpoint;
            if (reply is not RpcResult || NodeReader.HeaderIn(reply) is not { } block || block.Number != final.Number)
            {
                return; // It does not answer, or is behind.
            }

            if (block.Hash == final.Hash)
            {
                _told.Remove(name);
            }
            else if (_told.Add(name))
            {
                status.Notice(
                    $"{asked} and {name} disagree about block {final.Number}, which is final: it is {final.Hash} or "
                    + $"{block.Hash}.");
            }
        }
        catch (Exception passing) when (passing is NodeReadException or OperationCanceledException)
        {
            // Its answer can't be understood, or nobody listens any more.
        }
    }
}
