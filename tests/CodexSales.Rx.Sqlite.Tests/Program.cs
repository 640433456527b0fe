using System.Globalization;
using CodexSales.Rx.Sqlite.Tests.Durability;
using Xunit.Runner.InProc.SystemConsole;

// Runs the tests, or is the process that some of them start and kill.
return args is ["save-batches", var path, var first]
    ? await SavingProcess.SaveBatchesAsync(path, int.Parse(first, CultureInfo.InvariantCulture))
    : await ConsoleRunner.Run(args);
