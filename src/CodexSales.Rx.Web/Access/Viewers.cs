using CodexSales.Rx.Web.Settings;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Web.Access;

/// <summary>Room for so many at once. Any thread.</summary>
internal class Room(int most)
{
    private int _count;

    /// <summary>How many there may be.</summary>
    public int Most => most;

    /// <summary>How many there are.</summary>
    public int Count => Math.Min(Volatile.Read(ref _count), most);

    /// <summary>Whether another one would be one too many.</summary>
    public bool IsFull => Count == most;

    /// <summary>Counts one more, unless that is one too many.</summary>
    public bool TryEnter()
    {
        var isIn = Interlocked.Increment(ref _count) <= most;
        if (!isIn)
        {
            Leave();
        }

        return isIn;
    }

    /// <summary>Counts one less: to be called once for each that was let in.</summary>
    public void Leave() => Interlocked.Decrement(ref _count);
}

/// <summary>
/// Who follows the host: the socket of each live page, and each live list. They enter where requests are let in, and nowhere else; a page
/// that finds the room full says so, and opens no socket.
/// </summary>
internal sealed class Viewers(IOptions<WebOptions> options) : Room(options.Value.MaxViewers);
