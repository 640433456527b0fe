namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

public sealed class CrashTests
{
    [Fact]
    public async Task A_host_that_is_killed_at_any_moment_loses_nothing_and_sends_nothing_twice()
    {
        var run = new CrashRun(kills: 8, seed: 1);

        await run.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(8, run.Killed);
    }
}
