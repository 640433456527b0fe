using CodexSales.Rx.Hosting;

namespace CodexSales.Rx.Web.Operator;

/// <summary>The order in which the host does what it is told.</summary>
internal static class Turns
{
    /// <summary>Waits until it has done what it was told before: what is answered then is the state after that.</summary>
    /// <remarks>The books are asked for something in their turn, as all that is decided has one.</remarks>
    /// <exception cref="ObjectDisposedException">It has ended.</exception>
    public static Task CatchUpAsync(this ISalesHost host, CancellationToken left) => host.Availabilities.ReadHoldsAsync(left);
}
