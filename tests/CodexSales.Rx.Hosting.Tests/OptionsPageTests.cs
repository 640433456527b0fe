using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Local.Files;
using CodexSales.Rx.Local.Hooks;
using CodexSales.Rx.Sqlite;
using CodexSales.Rx.Testing.Contract;
using CodexSales.Rx.Tests;
using CodexSales.Rx.Web.Settings;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>The page of all options is what the code says: names, types, defaults, ranges as the checks tell them, and the documentation.</summary>
public sealed partial class OptionsPageTests
{
    private const string Live = "Can be changed while";
    private const string Heading = """

        | Key | Type | Default | Range | Live | Meaning |
        | --- | --- | --- | --- | --- | --- |

        """;

    // What a host reads from the contract.
    private static readonly string[] _notSet = ["Ethereum:Intake:LookBack", "Ethereum:Intake:ChainId"];

    private static readonly (string Title, Type Type)[] _inCodeOnly =
    [
        ("A node that is asked", typeof(RpcOptions)),
        ("Slots as files, made in code", typeof(FileSlotStorageOptions)),
        ("A hook, made in code", typeof(HookCommand)),
        ("The store, made in code", typeof(SqliteStoreOptions)),
        ("The test kit's chain", typeof(SimulatedChainOptions)),
        ("The test kit's market, as one host sees it", typeof(SimulatedMarketOptions)),
        ("The test kit's storage", typeof(SimulatedStorageOptions)),
        ("The test kit's clients", typeof(SimulatedClientsOptions)),
        ("The test kit's competing hosts", typeof(CompetingHostOptions)),
    ];

    private static readonly Dictionary<string, XElement> _docs = _inCodeOnly
        .Select(part => part.Type).Append(typeof(CodexSalesOptions)).Append(typeof(SalesPipelineOptions)).Append(typeof(WebOptions))
        .Select(type => Path.ChangeExtension(type.Assembly.Location, "xml"))
        .Distinct()
        .SelectMany(file => XDocument.Load(file).Descendants("member"))
        .Where(member => member.Attribute("name")!.Value.StartsWith("P:", StringComparison.Ordinal))
        .ToDictionary(member => member.Attribute("name")!.Value);

    [Fact]
    public void The_page_says_what_the_code_says()
    {
        var page = new StringBuilder("""
            # All options

            Made from the code, and compared with it by `OptionsPageTests`; `tests/accept` writes it anew. A key stands in the section that
            `AddCodexSales` is given, such as `CodexSales:Selling:ProveDeadline`, or `CodexSales__Selling__ProveDeadline` in the environment. Times are
            `hours:minutes:seconds`, or `days.hours:minutes:seconds`; amounts of tokens and of ether are in the smallest unit. Options that are *live* may be
            changed while the app runs; others wait for its next start. Without .NET's host they are properties of the types in brackets.

            """);
        var options = new CodexSalesOptions();
        Add(page, "The pipeline", "", options.Pipeline);
        Add(page, "A sale", "Selling:", options.Pipeline.Selling);
        Add(page, "The host", "", options);
        Add(page, "What is for sale", "Availabilities:0:", new AvailabilityOptions());
        Add(page, "Alerts", "Alerts:", options.Alerts);
        Add(page, "A receiver of alerts", "Alerts:Webhooks:0:", new WebhookSettings());
        Add(page, "The chain: `UseEthereum()`", "Ethereum:", options.Ethereum);
        Add(page, "How the chain is read", "Ethereum:Intake:", options.Ethereum.Intake);
        Add(page, "Transactions", "Ethereum:Transactions:", options.Ethereum.Transactions);
        Add(page, "The store: `UseSqlite()`", "Sqlite:", options.Sqlite);
        Add(page, "Slots as files: `UseSlotFiles()`", "SlotFiles:", options.SlotFiles);
        Add(page, "Programs that prove and store: `UseHooks()`", "Hooks:", options.Hooks);
        Add(page, "A simulated market: `UseSimulatedMarket()`", "SimulatedMarket:", options.SimulatedMarket);
        Add(page, "Over HTTP: `AddCodexSalesWeb()`", "Web:", new WebOptions());
        foreach (var (title, type) in _inCodeOnly)
        {
            Add(page, title, "", Activator.CreateInstance(type)!);
        }

        Approved.Equal("options.md", page.ToString());
    }

    [Fact]
    public void Every_options_class_of_the_libraries_is_on_the_page()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "options.md"));
        var all = _inCodeOnly.Select(part => part.Type).Append(typeof(CodexSalesOptions)).Append(typeof(SalesPipelineOptions)).Append(typeof(MarketIntakeOptions)).Append(typeof(WebOptions))
            .Select(type => type.Assembly)
            .Distinct()
            .SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type.GetMethod("FindErrors", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic) is not null
                && type != typeof(HookStorageOptions)); // Three hooks, and nothing besides.

        Assert.All(all, type => Assert.Contains($"(`{type.Name}`)", page, StringComparison.Ordinal));
    }

    private static void Add(StringBuilder page, string title, string prefix, object options)
    {
        var type = options.GetType();
        page.Append(CultureInfo.InvariantCulture, $"\n## {title} (`{type.Name}`)\n{Heading}");
        foreach (var option in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(option => IsValue(option.PropertyType) && !_notSet.Contains(prefix + option.Name)))
        {
            var meaning = Meaning(option);
            var live = OptionDifference.IsLive(prefix + option.Name) || meaning.Contains(Live, StringComparison.Ordinal) ? "yes" : "";
            meaning = meaning.Replace($" {Live} the pipeline runs.", "", StringComparison.Ordinal);
            page.Append(
                CultureInfo.InvariantCulture,
                $"| `{prefix}{option.Name}` | {TypeOf(option.PropertyType)} | {DefaultOf(options, option)} | {OptionRange.Of(type, option)} | {live} | {meaning} |\n");
        }
    }

    // What is no value has a table of its own.
    private static bool IsValue(Type type) => TypeOf(type).Length > 0;

    private static string TypeOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { } plain when plain == typeof(TimeSpan) => "time",
        { } plain when plain == typeof(bool) => "true or false",
        { } plain when plain == typeof(Address) => "address",
        { } plain when plain == typeof(double) => "number",
        { } plain when plain == typeof(int) || plain == typeof(ulong) || plain == typeof(UInt256) => "whole number",
        { } plain when plain == typeof(UnixSeconds) => "Unix seconds",
        { } plain when plain == typeof(string) => "text",
        { } plain when plain.IsAssignableTo(typeof(IEnumerable<string>)) => "list of texts",
        _ => "",
    };

    private static string DefaultOf(object options, PropertyInfo option) => option.GetValue(options) switch
    {
        _ when OptionRange.IsOutside(options, option) => "needed",
        null => "",
        IEnumerable<string> list => string.Join(' ', list.Select(item => $"`{item}`")),
        bool value => value ? "true" : "false",
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        var value => $"{value}",
    };

    private static string Meaning(PropertyInfo option)
    {
        var summary = _docs[$"P:{option.DeclaringType!.FullName}.{option.Name}"].Element("summary")!;
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" } see => $"`{Named().Match(see.Attribute("cref")!.Value).Groups[1].Value}`",
            XElement code => $"`{code.Value}`",
            _ => ((XText)node).Value,
        }));
        return Spaces().Replace(text, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(\w+)(\(|$)")]
    private static partial Regex Named();
}
