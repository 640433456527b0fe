namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>A part of what the command "odd-nodes" does.</summary>
public sealed class OddNodeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(84)]
    [InlineData(123)]
    [InlineData(673)]
    [InlineData(1_076)]
    [InlineData(1_331)]
    public void Behind_an_odd_node_all_is_told_or_what_is_missing_is(int seed) => new OddNodeRun(seed).Go();
}
