using CodexSales.Rx.Hosting;

namespace CodexSales.Rx.Web.Operator;

/// <summary>The order in which the host does what it is told.</summary>
internal static class Turns
{
    /// <summary>Tells it something, and waits until that is done: what is answered then is the state after it.</summary>
    /// <remarks>
    /// The books are asked for something in their turn, as all that is decided has one. They are those of the pipeline that is told: had it
    /// made way for another one before its turn came, what it was told is lost, which the books of the next one would not know.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">It has ended, or starts again.</exception>
    public static Task TellAsync(this ISalesHost host, Action tell, CancellationToken left)
    {
        var books = host.Availabilities;
        tell();
        return books.ReadHoldsAsync(left);
    }
}
