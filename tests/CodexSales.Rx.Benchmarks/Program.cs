using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using CodexSales.Rx.Benchmarks.Pipeline;
using Perfolizer.Horology;

if (args is ["memory", .. var sales])
{
    MemoryReport.WriteTo(
        Console.Out, sales is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 1_000_000);
    return;
}

if (args is ["year", .. var percent])
{
    ProvingYear.WriteTo(Console.Out, percent is [var failing] ? int.Parse(failing, CultureInfo.InvariantCulture) : 0);
    return;
}

// In this process: no project is generated and built for each benchmark. The loop around tens of thousands of slots is
// nothing beside them, so it is not measured by itself. Both so that all of them are done in minutes.
var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithId("Short")
    .WithWarmupCount(4).WithIterationCount(6).WithIterationTime(TimeInterval.FromMilliseconds(40))
    .WithEvaluateOverhead(false);
var config = ManualConfig.CreateEmpty()
    .AddJob(job)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddColumn(StatisticColumn.Min)
    .HideColumns(Column.Error, Column.StdDev, Column.RatioSD, Column.Gen0, Column.Gen1, Column.Gen2, Column.AllocRatio)
    .AddExporter(MarkdownExporter.GitHub)
    .AddLogger(ConsoleLogger.Default)
    .WithOption(ConfigOptions.JoinSummary, false);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
