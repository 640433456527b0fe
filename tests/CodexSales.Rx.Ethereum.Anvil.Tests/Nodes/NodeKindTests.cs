namespace CodexSales.Rx.Ethereum.Anvil.Tests.Nodes;

/// <summary>A host sells behind each kind of node, while proofs are bound to their challenges.</summary>
public sealed class NodeKindTests(ITestOutputHelper output)
{
    private const ulong Seconds = 230;
    private const int Quickening = 2;

    // All at once: most of the time they wait for blocks.
    [Fact]
    public async Task Behind_every_kind_of_node_each_slot_is_sold_proved_in_every_period_and_paid()
    {
        var days = await Task.WhenAll(Enum.GetValues<NodeKind>().Select(kind => NodeDay.RunAsync(
            kind, Seconds, Quickening, output.WriteLine, TestContext.Current.CancellationToken)));

        Assert.All(days, day => Assert.True(day.IsPerfect, $"{day}"));
    }
}
