using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Tests.Intake;
using CodexSales.Rx.Ethereum.Tests.Transactions;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Memory;

/// <summary>What is kept after long is no more than what was kept before, to the last object.</summary>
public sealed class FlatMemoryTests(ITestOutputHelper output)
{
    [Fact]
    public void A_manager_of_transactions_keeps_nothing_of_what_has_ended()
    {
        var bench = new TransactionBench();
        bench.Node.IsRecording = false;
        var minute = 0;

        SortedDictionary<string, int> SendFor(int days)
        {
            // Of the last day as much is kept as the limit of a day goes by.
            for (var end = minute + (days * 1_440); minute < end; minute++)
            {
                Disturb(bench, minute);
                var slot = new SlotKey(new RequestId(Keccak256.Hash(BitConverter.GetBytes(minute))), 0);
                bench.Send(
                    minute % 256,
                    minute % 2 == 0
                        ? new TransactionPurpose(TransactionKind.SubmitProof, slot, 5, 0)
                        : new TransactionPurpose(TransactionKind.FreeSlot, slot, null, 0));
                bench.Mine(5);
            }

            bench.Mine(60);
            Assert.Empty(bench.Journal.Open);
            bench.Notices.Clear();
            return Retained.By(bench.Manager, bench.Time);
        }

        SendFor(days: 1);
        var before = SendFor(days: 1);
        var after = SendFor(days: 1);

        output.WriteLine($"{before.Values.Sum()} objects and items.");
        Assert.Equal("", Retained.Compare(before, after));
    }

    // Of the last 25,600 blocks anchors are kept, and the times of 10,000 with logs.
    [Fact]
    public void An_intake_keeps_as_much_of_a_chain_however_long_it_is_followed()
    {
        var time = new VirtualTime();
        var node = new SyntheticNode(time, height: 150_000, maxRange: 2_000, TimeSpan.FromSeconds(0.05))
        {
            TimesInLogs = false,
        };
        var intake = new MarketIntake(node, Recording.Marketplace, null, null, time);
        var events = 0;
        using var run = intake.Events.Subscribe(happened => events += happened is BlockTold ? 0 : 1);
        time.AdvanceBy(TimeSpan.FromMinutes(10));

        SortedDictionary<string, int> Follow(ulong blocks)
        {
            for (var end = node.Height + blocks; node.Height < end;)
            {
                node.Height += 32;
                time.AdvanceBy(TimeSpan.FromSeconds(12));
            }

            time.AdvanceBy(TimeSpan.FromMinutes(10));
            Assert.Equal((int)(node.Height / SyntheticNode.BlocksPerEvent) + 1, events);
            return Retained.By(intake, time);
        }

        Follow(blocks: 28_160);
        var before = Follow(blocks: 5_120);
        var after = Follow(blocks: 5_120);

        output.WriteLine($"{before.Values.Sum()} objects and items.");
        Assert.Equal("", Retained.Compare(before, after));
    }

    private static void Disturb(TransactionBench bench, int minute)
    {
        var node = bench.Node;
        node.Revert = minute % 30 == 10 ? (_, _) => "0x3edef7db" : (_, _) => null;
        node.Takes = minute % 30 == 15 ? _ => false : _ => true;
        if (minute % 30 == 20)
        {
            node.TakeBack(2);
        }

        if (minute % 30 == 16)
        {
            node.DropPool();
        }
    }
}
