using CodexSales.Rx.Simulation.Commands;

namespace CodexSales.Rx.Simulation.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Seeds_begin_with_1_unless_something_else_is_said()
    {
        Assert.Equal(new CommandLine(null, 10, null, null, 1, null), CommandLine.Parse(["--seeds", "10"]));
        Assert.Equal(
            new CommandLine(null, null, 5, null, 7, null),
            CommandLine.Parse(["--minutes", "5", "--from-seed", "7"]));
    }

    [Fact]
    public void Mutations_may_be_named()
    {
        Assert.Equal([], CommandLine.Parse(["--mutations"])!.Mutations!);
        Assert.Equal(["lose-a-worker"], CommandLine.Parse(["--mutations", "lose-a-worker"])!.Mutations!);
    }

    [Theory]
    [InlineData()]
    [InlineData("--seed")]
    [InlineData("--seed", "x")]
    [InlineData("--seed", "-1")]
    [InlineData("--from-seed", "3")]
    [InlineData("--seed", "1", "--seeds", "2")]
    [InlineData("--seed", "1", "--loud")]
    [InlineData("--seed", "1", "--mutations", "x")]
    public void What_can_not_be_understood_is_nothing(params string[] args) => Assert.Null(CommandLine.Parse(args));
}
