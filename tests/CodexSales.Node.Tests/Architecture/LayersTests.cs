using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using CodexSales.Node.Cli;
using CodexSales.Rx;
using CodexSales.Rx.Ethereum;
using CodexSales.Rx.Ethereum.LocalKey;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Local.Files;
using CodexSales.Rx.Nethereum.Rpc;
using CodexSales.Rx.Sqlite;
using CodexSales.Rx.Testing.Time;
using CodexSales.Rx.Web;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace CodexSales.Node.Tests.Architecture;

/// <summary>Which folder may know which: what code uses decides, and not its lines of <c>using</c>.</summary>
public sealed class LayersTests
{
    private static readonly Assembly _core = typeof(SalesPipeline).Assembly;

    private static readonly Assembly[] _ours =
    [
        _core,
        typeof(EthereumMarket).Assembly,
        typeof(LocalKeySigner).Assembly,
        typeof(NethereumRpcLink).Assembly,
        typeof(SqliteSalesStore).Assembly,
        typeof(FileSlotStorage).Assembly,
        typeof(VirtualTime).Assembly,
        typeof(ISalesHost).Assembly,
        typeof(CodexSalesWebExtensions).Assembly,
        typeof(ExitCode).Assembly,
    ];

    public static TheoryData<string> Projects => [.. _ours.Select(NameOf)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_know_each_other_in_one_direction_only(string project) => SliceRuleDefinition.Slices()
        .Matching($"{project}.(**)")
        .Should().BeFreeOfCycles()
        .Check(Load(project));

    // The top of a project is put together from its folders.
    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_knows_what_stands_at_the_top_of_its_project(string project)
    {
        var name = project.Replace(".", @"\.", StringComparison.Ordinal);
        Types().That().ResideInNamespaceMatching($@"^{name}\..+")
            .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching($"^{name}$"))
            .WithoutRequiringPositiveResults()
            .Check(Load(project));
    }

    [Fact]
    public void The_nouns_of_the_domain_and_the_ports_know_no_stage_of_the_pipeline() =>
        Types().That().ResideInNamespaceMatching(@"^CodexSales\.Rx\.(Domain|Ports)(\.|$)")
            .Should().NotDependOnAny(Types().That()
                .ResideInNamespaceMatching(@"^CodexSales\.Rx\.(?!Domain|Ports)"))
            .Check(Load(NameOf(_core)));

    [Fact]
    public void The_pipeline_knows_System_Reactive_and_nothing_else_beside_the_framework() => Assert.DoesNotContain(
        _core.GetReferencedAssemblies(),
        reference => reference.Name is { } name && name != "System.Reactive" && !IsOfFramework(name));

    private static bool IsOfFramework(string name) =>
        name is "netstandard" or "mscorlib"
        || (name.StartsWith("System.", StringComparison.Ordinal) && name != "System.Reactive");

    private static string NameOf(Assembly assembly) => assembly.GetName().Name!;

    private static ArchUnitNET.Domain.Architecture Load(string project) =>
        new ArchLoader().LoadAssemblies(_ours.Single(assembly => NameOf(assembly) == project)).Build();
}
