using System.Xml.Linq;
using CodexSales.Node.Cli;
using CodexSales.Node.Tests.Readme;
using CodexSales.Node.Tests.Run;

namespace CodexSales.Node.Tests.Serving;

/// <summary>What the project says of its image is what the program takes.</summary>
public sealed class ContainerTests
{
    private static readonly XDocument _project =
        XDocument.Load(Path.Combine(ReadmeTests.FindRoot(), "src", "CodexSales.Node", "CodexSales.Node.csproj"));

    private static readonly Dictionary<string, string?> _variables = _project.Descendants("ContainerEnvironmentVariable")
        .ToDictionary(item => item.Attribute("Include")!.Value, item => (string?)item.Attribute("Value")!.Value);

    [Fact]
    public async Task It_sells_where_nothing_else_is_said_with_options_that_there_are()
    {
        Assert.Equal(["run"], _project.Descendants("ContainerDefaultArgs").Select(item => item.Attribute("Include")!.Value));
        var environment = _variables.ToDictionary(pair => pair.Key[CliEnvironment.EnvironmentPrefix.Length..], pair => pair.Value);

        await using var bare = RunningCommand.StartWith(null, environment);
        await bare.AssertRefusedAsync("--rpc: not given, but --rpc URL is expected.");
    }

    [Fact]
    public void It_listens_at_the_port_that_it_names_as_a_user_that_is_not_root()
    {
        var port = Assert.Single(_project.Descendants("ContainerPort")).Attribute("Include")!.Value;

        Assert.Equal($"http://0.0.0.0:{port}", _variables["CODEXSALES_LISTEN"]);
        Assert.NotNull(_variables["CODEXSALES_TOKEN_FILE"]); // Else it would not start at such an address.
        Assert.Equal("app", Assert.Single(_project.Descendants("ContainerUser")).Value);
    }
}
