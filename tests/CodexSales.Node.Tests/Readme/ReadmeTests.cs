using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CodexSales.Node.Replay;
using CodexSales.Rx;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum;
using CodexSales.Rx.Local.Hooks;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Testing.Chain;
using CodexSales.Rx.Testing.Time;
using CodexSales.Rx.Testing.Work;

namespace CodexSales.Node.Tests.Readme;

/// <summary>What the README says is so.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string _root = FindRoot();
    private static readonly string _readme = File.ReadAllText(Path.Combine(_root, "README.md"));

    [Fact]
    public void The_example_is_the_one_that_is_compiled_and_run()
    {
        var source = File.ReadAllText(
            Path.Combine(_root, "tests", "CodexSales.Node.Tests", "Readme", "ReadmeExampleTests.cs"));
        var lines = source.Split('\n')
            .SkipWhile(line => !line.Contains("// README: begin", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.Contains("// README: end", StringComparison.Ordinal))
            .Select(line => line.Length > 8 ? line[8..] : "");

        Assert.Contains($"```csharp\n{string.Join('\n', lines)}\n```\n", _readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_of_the_pipeline_is_there_with_its_default()
    {
        var expected = Options(new SalesPipelineOptions(), "").Concat(Options(new SellingOptions(), "Selling."));

        Assert.Equal(
            expected.OrderBy(option => option.Name, StringComparer.Ordinal),
            Table("Option of the pipeline")
                .Select(row => (row[0], row[1]))
                .OrderBy(row => row.Item1, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("replay")]
    [InlineData("run")]
    public async Task Every_option_of_a_command_is_there_with_its_default_and_range(string command)
    {
        var help = await CommandRun.OfAsync(command, "--help");

        var told = HelpLine().Matches(help.Output)
            .Select(match => match.Groups)
            .Select(groups => (groups["name"].Value, groups["default"].Value, groups["range"].Value))
            .Where(option => option.Item1 != "--help");
        Assert.Equal(told, Table($"Option of `{command}`").Select(row => (row[0].Split(' ')[0], row[1], row[2])));
    }

    [Fact]
    public async Task Every_instrument_is_there_with_its_meter_and_unit()
    {
        var instruments = new ConcurrentDictionary<string, string[]>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("CodexSales.", StringComparison.Ordinal))
                {
                    instruments[instrument.Name] = [instrument.Name, instrument.Meter.Name, instrument.Unit!];
                }
            },
        };
        listener.Start();
        var time = new VirtualTime();
        using var chain = new SimulatedChain(time);
        using var pipeline = new SalesPipeline(
            chain.ConnectHost(default), new SimulatedStorage(time), new SimulatedProver(time), new SalesPipelineOptions(), time);
        await Assert.ThrowsAsync<HookException>(() => new HookCommand { Program = "there is none", TimeLimit = TimeSpan.FromHours(1) }
            .CheckAsync(time, TestContext.Current.CancellationToken));

        RuntimeHelpers.RunClassConstructor(
            typeof(EthereumMarket).Assembly.GetType("CodexSales.Rx.Ethereum.Transactions.TransactionMetrics", throwOnError: true)!.TypeHandle);

        Assert.Equal(
            instruments.Values.OrderBy(instrument => instrument[0], StringComparer.Ordinal).Select(instrument => string.Join(' ', instrument)),
            Table("Instrument").Select(row => string.Join(' ', row[..3])));
    }

    [Fact]
    public void Every_cause_of_a_queue_change_is_named() => Assert.All(
        Enum.GetValues<QueueCause>().Where(cause => cause != QueueCause.Snapshot),
        cause => Assert.Contains($"`{JsonWords.Of(cause)}`", _readme, StringComparison.Ordinal));

    [Fact]
    public void The_commands_name_projects_that_are_there()
    {
        Assert.Contains("dotnet run --project src/CodexSales.Node\n", _readme, StringComparison.Ordinal);
        Assert.Contains("dotnet test\n", _readme, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(_root, "src", "CodexSales.Node")));
    }

    private static IEnumerable<(string Name, string Default)> Options(object defaults, string prefix) =>
        defaults.GetType().GetProperties()
        .Where(option => option.PropertyType != typeof(SellingOptions))
        .Select(option => (prefix + option.Name, Describe(option.GetValue(defaults))));

    private static string Describe(object? value) => value switch
    {
        null => "none",
        TimeSpan { TotalHours: >= 1 } span => $"{span.TotalHours} h",
        TimeSpan { TotalMinutes: >= 1 } span => $"{span.TotalMinutes} min",
        TimeSpan span => $"{span.TotalSeconds} s",
        IFormattable number => number.ToString("#,0", CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    // The cells of the table whose first heading is given.
    private static List<string[]> Table(string heading)
    {
        var rows = _readme.Split('\n')
            .SkipWhile(line => !line.StartsWith($"| {heading} |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|')[1..^1].Select(cell => cell.Trim().Trim('`')).ToArray())
            .ToList();
        Assert.NotEmpty(rows);
        return rows;
    }

    internal static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CodexSales.Rx.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder.FullName;
    }

    [GeneratedRegex(
        @"^ +(?:-\?, -h, )?(?<name>--[a-z-]+).*?"
            + @"(?:; (?<range>[0-9.]+ to [0-9]+))?(?: \[default: (?<default>[^\]]*)\])?$",
        RegexOptions.Multiline)]
    private static partial Regex HelpLine();
}
