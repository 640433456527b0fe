using Microsoft.AspNetCore.Http;

namespace CodexSales.Rx.Web.Operator;

/// <summary>How many read live lists at once: each of them costs memory for as long as it is connected.</summary>
internal static class LiveReaders
{
    public const int Most = 200;

    private static int _count;

    /// <summary>Counts one more, until that is disposed of.</summary>
    /// <exception cref="OperatorInputException">There are too many already.</exception>
    public static IDisposable Enter()
    {
        var leave = Disposable.Create(() => Interlocked.Decrement(ref _count));
        if (Interlocked.Increment(ref _count) <= Most)
        {
            return leave;
        }

        leave.Dispose();
        throw new OperatorInputException(
            "live", $"live: {Most} read live lists already; fewer are expected.", StatusCodes.Status503ServiceUnavailable);
    }
}
