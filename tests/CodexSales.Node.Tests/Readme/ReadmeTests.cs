using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CodexSales.Node.Replay;
using CodexSales.Rx;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Local.Hooks;
using CodexSales.Rx.Sqlite;
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
    public void Every_example_is_part_of_a_sample_that_is_compiled_and_run()
    {
        var samples = Directory.GetFiles(Path.Combine(_root, "tests", "Samples"), "*.cs", SearchOption.AllDirectories)
            .Select(file => Lines(File.ReadAllText(file)))
            .ToList();
        var examples = CodeBlock().Matches(_readme).Select(block => Lines(block.Groups[1].Value)).ToList();

        Assert.Equal(4, examples.Count);
        Assert.All(examples, example => Assert.Contains(samples, sample => IsPartOf(sample, example)));
    }

    [Fact]
    public void Every_page_that_is_pointed_to_is_there() => Assert.All(
        new[] { "README.md", "src/options.md", "src/metrics.md", "src/CodexSales.Node/commands.md", "src/CodexSales.Rx/Threading/README.md" }
            .SelectMany(page => Link().Matches(File.ReadAllText(Path.Combine(_root, page)))
                .Select(link => Path.Combine(_root, Path.GetDirectoryName(page)!, link.Groups[1].Value))),
        path => Assert.True(File.Exists(path) || Directory.Exists(path), $"{path} is not there."));

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
        Assert.Equal(told, Table("src/CodexSales.Node/commands.md", $"Option of `{command}`").Select(row => (row[0].Split(' ')[0], row[1], row[2])));
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

        using var meter = (Meter)CallHosting("HostMeter", "Of", null, null)!;
        CallHosting("Alerts.AlertMetrics", "AddTo", meter, null);
        CallHosting("DiskMetrics", "AddTo", meter, null, null);

        Assert.Equal(
            instruments.Values.OrderBy(instrument => instrument[0], StringComparer.Ordinal).Select(instrument => string.Join(' ', instrument)),
            Table("src/metrics.md", "Instrument").Select(row => string.Join(' ', row[..3])));
    }

    [Fact]
    public void Every_cause_of_a_queue_change_is_named() => Assert.All(
        Enum.GetValues<QueueCause>().Where(cause => cause != QueueCause.Snapshot),
        cause => Assert.Contains(
            $"`{JsonWords.Of(cause)}`", File.ReadAllText(Path.Combine(_root, "src/CodexSales.Node/commands.md")), StringComparison.Ordinal));

    [Fact]
    public void Every_public_observable_is_in_the_table_of_threads()
    {
        var page = File.ReadAllText(Path.Combine(_root, "src/CodexSales.Rx/Threading/README.md"));

        Assert.All(
            new[] { typeof(SalesPipeline), typeof(EthereumMarket), typeof(ISalesHost), typeof(HookCommand), typeof(SqliteSalesStore), typeof(SimulatedChain) }
                .SelectMany(type => type.Assembly.GetExportedTypes())
                .Where(type => type is { IsSealed: false } or { IsAbstract: false }) // Operators are static.
                .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                    .Where(method => method.ReturnType is { IsGenericType: true } returned && returned.GetGenericTypeDefinition() == typeof(IObservable<>))
                    .Select(method => method.Name.Replace("get_", "", StringComparison.Ordinal))
                    .Where(name => !type.GetInterfaces().Any(port => port.Namespace!.StartsWith("CodexSales", StringComparison.Ordinal) && port.GetMember(name).Length > 0))
                    .Select(name => $"`{type.Name.Split('`')[0]}.{name}`"))
                .Except(["`SubscriptionLedger.Watch`"]), // As its source notifies.
            observable => Assert.Contains(observable, page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_commands_name_projects_that_are_there()
    {
        Assert.Contains("dotnet run --project src/CodexSales.Node\n", _readme, StringComparison.Ordinal);
        Assert.Contains("dotnet test\n", _readme, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(_root, "src", "CodexSales.Node")));
    }

    private static string[] Lines(string code) => [.. code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    // The namespaces that it needs, then the rest as it is.
    private static bool IsPartOf(string[] sample, string[] example) =>
        example.TakeWhile(NamesNamespace).All(sample.Contains)
        && string.Join('\n', sample).Contains(string.Join('\n', example.SkipWhile(NamesNamespace)), StringComparison.Ordinal);

    private static bool NamesNamespace(string line) => line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal);

    private static object? CallHosting(string type, string method, params object?[] arguments) =>
        typeof(ISalesHost).Assembly.GetType($"CodexSales.Rx.Hosting.{type}", throwOnError: true)!.GetMethod(method)!.Invoke(null, arguments);

    // The cells of the table whose first heading is given.
    private static List<string[]> Table(string page, string heading)
    {
        var rows = File.ReadAllText(Path.Combine(_root, page)).Split('\n')
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

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)#:]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(
        @"^ +(?:-\?, -h, )?(?<name>--[a-z-]+).*?"
            + @"(?:; (?<range>[0-9.]+ to [0-9]+))?(?: \[default: (?<default>[^\]]*)\])?$",
        RegexOptions.Multiline)]
    private static partial Regex HelpLine();
}
