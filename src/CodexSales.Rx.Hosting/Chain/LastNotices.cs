using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Hosting.Chain;

/// <summary>The last that was heard of each of the latest transactions. Threading: any thread.</summary>
internal sealed class LastNotices
{
    private const int Most = 1_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<ulong, string> _byNonce = [];

    public void Note(TransactionNotice notice)
    {
        if (notice.Nonce is not { } nonce)
        {
            return;
        }

        lock (_gate)
        {
            _byNonce[nonce] = notice.Detail;
            if (_byNonce.Count > Most)
            {
                _byNonce.Remove(_byNonce.Keys.First());
            }
        }
    }

    public string? Of(ulong nonce)
    {
        lock (_gate)
        {
            return _byNonce.GetValueOrDefault(nonce);
        }
    }
}
