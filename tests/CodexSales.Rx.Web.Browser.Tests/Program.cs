using CodexSales.Rx.Web.Browser.Tests;
using Xunit.Runner.InProc.SystemConsole;

// Runs the tests, or measures for as long as it is told to.
switch (args)
{
    case ["memory", var minutes, var setsPerSecond]:
        return await MemoryRun.RunAsync(int.Parse(minutes, CultureInfo.InvariantCulture), int.Parse(setsPerSecond, CultureInfo.InvariantCulture)) ? 0 : 1;
    case ["viewers", var count, .. var pairs]:
        return await ViewersRun.RunAsync(
            int.Parse(count, CultureInfo.InvariantCulture), pairs is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 3) ? 0 : 1;
    case ["watch", var address, var viewers]: // The other process of the former.
        await ViewersRun.WatchAsync(new Uri(address), int.Parse(viewers, CultureInfo.InvariantCulture));
        return 0;
    default:
        return await ConsoleRunner.Run(args);
}
