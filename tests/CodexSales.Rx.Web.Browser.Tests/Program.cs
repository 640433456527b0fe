using CodexSales.Rx.Web.Browser.Tests;
using Xunit.Runner.InProc.SystemConsole;

// Runs the tests, or measures for as long as it is told to.
switch (args)
{
    case ["memory", var minutes, var setsPerSecond]:
        await MemoryRun.RunAsync(int.Parse(minutes, CultureInfo.InvariantCulture), int.Parse(setsPerSecond, CultureInfo.InvariantCulture));
        return 0;
    default:
        return await ConsoleRunner.Run(args);
}
