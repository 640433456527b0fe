namespace CodexSales.Rx.Sqlite.Tests.Crashes;

public sealed class CrashTests
{
    [Fact]
    public async Task A_process_that_is_killed_at_any_moment_loses_no_sale_sends_nothing_twice_and_is_paid()
    {
        var run = new CrashRun(kills: 20, seed: 1);

        await run.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(20, run.Killed);
    }
}
