using System.Diagnostics;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>The sample of an app without a container, which README shows: what it prints.</summary>
public sealed class ConsoleAppTests
{
    [Fact]
    public async Task It_sells_two_slots_in_two_days_that_take_a_moment()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var app = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "console-app.dll")])
        {
            RedirectStandardOutput = true,
        })!;

        var lines = await app.StandardOutput.ReadToEndAsync(limit.Token);
        await app.WaitForExitAsync(limit.Token);

        Assert.Equal(
            [
                "queue: Added, Requested", "queue: Added, Requested", "queue: Removed, Taken", "queue: Removed, Taken",
                "SaleFinished: Paid, earned 463212222873600", "SaleFinished: Paid, earned 463212222873600",
            ],
            lines.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, app.ExitCode);
    }
}
