using CodexSales.Rx.Ethereum.Tests.Transactions;

namespace CodexSales.Rx.Ethereum.Tests;

/// <summary>
/// How often one waits for the node between what is known and what is sent, counted on a node that takes 50 ms for each
/// answer. The command "round-trips" prints it.
/// </summary>
internal sealed class RoundTrips : EthereumMarketBench
{
    private const int Proofs = 200;

    private TimeSpan _reservedAt;
    private TimeSpan _othersAt;

    private RoundTrips()
    {
        Value(Do(market => market.GetRulesAsync(CancellationToken.None)));
        Mine();
        _contract.Unavailable = asked =>
        {
            if (asked.Method == "eth_sendRawTransaction")
            {
                var isReservation = TransactionBench.DataOf(asked).AsSpan()[..4].SequenceEqual<byte>([0x12, 0x82, 0x76, 0x02]);
                (_reservedAt, _othersAt) = isReservation ? (_time.Elapsed, _othersAt) : (_reservedAt, _time.Elapsed);
            }

            return null;
        };
    }

    /// <summary>Each way, with how many round trips it should take and how many it takes, the sending included.</summary>
    public static IReadOnlyList<(string What, int Target, int Trips)> Count() =>
    [
        ("from a told block to the reservation sent", 3, new RoundTrips().Reserve()),
        ("from stored data to the fill sent, with its approval", 2, new RoundTrips().Fill()),
        ("from the first block of a period to a proof sent, besides proving (one is to estimate it: decision 0010 says why)", 2,
            new RoundTrips().Prove(1)),
        ($"from the first block of a period to {Proofs} proofs sent, besides proving", 6, new RoundTrips().Prove(Proofs)),
        ($"from a wanted reservation to its sending, in the middle of {Proofs} proofs", 3,
            new[] { 0, 25, 50, 75, 100, 125, 150 }.Max(milliseconds => new RoundTrips().ReserveAmongProofs(milliseconds))),
    ];

    private int Reserve()
    {
        var begin = _time.Elapsed;
        Do(async market =>
        {
            await market.GetOfferAsync(Slot(0), _node.Head.Stamp, CancellationToken.None);
            return await market.ReserveSlotAsync(Slot(0), CancellationToken.None);
        });
        return Trips(begin, _reservedAt);
    }

    private int Fill()
    {
        var begin = _time.Elapsed;
        Fill(0, 500);
        return Trips(begin, _othersAt);
    }

    private int Prove(int proofs)
    {
        var begin = _time.Elapsed;
        StartProofs(proofs);
        _time.AdvanceBy(TimeSpan.FromSeconds(1));
        Assert.Equal(proofs, _node.Pool.Count);
        return Trips(begin, _othersAt);
    }

    private int ReserveAmongProofs(int milliseconds)
    {
        StartProofs(Proofs);
        _time.AdvanceBy(TimeSpan.FromMilliseconds(milliseconds));
        var begin = _time.Elapsed;
        Do(market => market.ReserveSlotAsync(Slot(Proofs), CancellationToken.None));
        Assert.Equal(Proofs + 1, _node.Pool.Count);
        return Trips(begin, _reservedAt);
    }

    private void StartProofs(int proofs)
    {
        var period = _node.Head.Time.Value / 10;
        for (var index = 0UL; index < (ulong)proofs; index++)
        {
            var slot = Slot(index);
            Start(async market =>
            {
                await market.GetSlotAsync(slot, _node.Head.Stamp, CancellationToken.None);
                return await market.SubmitProofAsync(slot, period, _proof, CancellationToken.None);
            });
        }
    }

    private static int Trips(TimeSpan begin, TimeSpan end) => (int)Math.Ceiling((end - begin) / FakeNode.Latency);
}
