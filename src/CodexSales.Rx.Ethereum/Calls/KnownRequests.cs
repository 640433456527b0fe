using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Calls;

/// <summary>
/// Requests that were asked for lately: what the contract keeps of one never changes. Bounded; the oldest is forgotten
/// first. Threading: any thread.
/// </summary>
internal sealed class KnownRequests(MarketplaceCalls calls)
{
    private const int Capacity = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<RequestId, KnownRequest> _known = [];
    private readonly Queue<RequestId> _oldestFirst = new();

    /// <summary>A request and its expiry, or null when the contract does not know it.</summary>
    public async Task<KnownRequest?> FindAsync(RequestId id, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(id, out var known))
            {
                return known;
            }
        }

        var asking = calls.GetRequestAsync(id, cancellation);
        var expiring = calls.GetRequestExpiryAsync(id, cancellation);
        await Task.WhenAll(asking, expiring).ConfigureAwait(false);
        return await asking.ConfigureAwait(false) is { } request
            ? Keep(id, new KnownRequest(request, await expiring.ConfigureAwait(false)))
            : null;
    }

    private KnownRequest Keep(RequestId id, KnownRequest found)
    {
        lock (_gate)
        {
            if (_known.TryAdd(id, found))
            {
                _oldestFirst.Enqueue(id);
            }

            if (_known.Count > Capacity)
            {
                _known.Remove(_oldestFirst.Dequeue());
            }
        }

        return found;
    }
}

/// <summary>A request, and the last second in which it can be filled for the first time.</summary>
internal sealed record KnownRequest(StorageRequest Request, UnixSeconds ExpiresAt);
