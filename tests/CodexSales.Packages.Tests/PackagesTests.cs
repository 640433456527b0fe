using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CodexSales.Packages.Tests;

/// <summary>What <c>dotnet pack</c> makes, and that a fresh app can use it.</summary>
public sealed partial class PackagesTests(PackedRepository packed) : IClassFixture<PackedRepository>
{
    // It is built only where a feed has DynamicData.
    private const string NotEverywhere = "CodexSales.Rx.DynamicData";

    // Its symbols would not be the same in two folders.
    private const string WithoutSymbols = "CodexSales.Rx.Web";

    [Fact]
    public void All_projects_of_src_are_packed_and_nothing_else() => Assert.Equal(
        Directory.GetDirectories(Path.Combine(PackedRepository.Root, "src"), "CodexSales.*")
            .Select(Path.GetFileName)
            .Where(name => name != NotEverywhere)
            .SelectMany(name => new[] { $"{name}.{packed.Version}.nupkg", $"{name}.{packed.Version}.snupkg" })
            .Where(file => file != $"{WithoutSymbols}.{packed.Version}.snupkg")
            .Order(StringComparer.Ordinal),
        Directory.GetFiles(packed.First).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void Two_folders_give_the_same_bytes() => Assert.All(
        Directory.GetFiles(packed.First),
        file => Assert.True(
            File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(packed.Second, Path.GetFileName(file)))),
            $"{Path.GetFileName(file)} differs."));

    [Fact]
    public void A_package_says_what_it_is_and_asks_for_the_lowest_versions() => Assert.All(
        Directory.GetFiles(packed.First, "*.nupkg"),
        package =>
        {
            var name = Path.GetFileName(package).Replace($".{packed.Version}.nupkg", "", StringComparison.Ordinal);
            var about = XDocument.Parse(PackedRepository.Read(package, $"{name}.nuspec")).Root!.Elements().Single();
            Assert.All(
                new[] { "authors", "license", "readme", "icon", "description", "tags", "repository" },
                each => Assert.Contains(about.Elements(), element => element.Name.LocalName == each));
            Assert.StartsWith("# ", PackedRepository.Read(package, "README.md"), StringComparison.Ordinal);
            Assert.All(
                about.Descendants().Where(element => element.Name.LocalName == "dependency"),
                dependency => Assert.Matches("^[0-9]", dependency.Attribute("version")!.Value));
        });

    [Theory]
    [InlineData("6.1.0")]
    [InlineData("7.0.0")]
    public async Task A_fresh_app_builds_without_a_warning_and_sells_beside_a_package_that_wants(string reactive)
    {
        var app = packed.NewFolder($"app-{reactive}");
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "App")))
        {
            File.Copy(file, Path.Combine(app, Path.GetFileName(file)));
        }

        WriteReadmeExamples(app);
        await PackNeighbourAsync(reactive);
        await Commands.BuildAsync(
            app,
            "build",
            $"-p:CodexSalesVersion={packed.Version}",
            $"-p:ReactiveVersion={reactive}",
            $"-p:RestoreAdditionalProjectSources={packed.First}%3B{packed.NewFolder("neighbours")}",
            $"-p:RestorePackagesPath={packed.NewFolder("packages")}",
            $"-p:RestoreFallbackFolders={GlobalPackages}");
        Assert.Contains(
            $"System.Reactive/{reactive}",
            await File.ReadAllTextAsync(Path.Combine(app, "obj", "project.assets.json")),
            StringComparison.Ordinal);
        await SellAsync(app);
    }

    // Found there are the packages of others that this machine has already, and never ours.
    private static string GlobalPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private async Task PackNeighbourAsync(string reactive)
    {
        var neighbour = packed.NewFolder($"neighbour-{reactive}");
        await File.WriteAllTextAsync(
            Path.Combine(neighbour, "Neighbour.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Version>{reactive}</Version>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="System.Reactive" Version="{reactive}" />
              </ItemGroup>
            </Project>
            """);
        await Commands.BuildAsync(neighbour, "pack", "-o", packed.NewFolder("neighbours"));
    }

    // The app begins to sell, says that it is well, and ends when it is asked to.
    private static async Task SellAsync(string app)
    {
        Needs.Unix("signals");
        using var process = Commands.Start(app, "dotnet", "bin/Debug/net10.0/App.dll", "--urls", "http://127.0.0.1:0");
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var address = await FindAddressAsync(process.StandardOutput, patience.Token);
            var rest = process.StandardOutput.ReadToEndAsync(patience.Token);
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            Assert.Contains("SaleStep", await client.GetStringAsync(new Uri("first", UriKind.Relative), patience.Token), StringComparison.Ordinal);
            Assert.Equal("Healthy", await client.GetStringAsync(new Uri("health", UriKind.Relative), patience.Token));
            await Commands.RunAsync(app, "kill", "-TERM", $"{process.Id}");
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, await rest);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<string> FindAddressAsync(StreamReader output, CancellationToken patience)
    {
        const string before = "Now listening on: ";
        while (await output.ReadLineAsync(patience) is { } line)
        {
            if (line.IndexOf(before, StringComparison.Ordinal) is >= 0 and var place)
            {
                return line[(place + before.Length)..];
            }
        }

        throw new InvalidOperationException("The app has ended.");
    }

    // An example that shows its namespaces is a whole one. What a host supplies comes in as parameters.
    private void WriteReadmeExamples(string app)
    {
        foreach (var package in Directory.GetFiles(packed.First, "*.nupkg"))
        {
            var example = Example().Match(PackedRepository.Read(package, "README.md"));
            var name = string.Concat(Path.GetFileName(package).TakeWhile(letter => !char.IsDigit(letter))).Replace(".", "", StringComparison.Ordinal);
            File.WriteAllText(
                Path.Combine(app, $"{name}.cs"),
                $$"""
                {{example.Groups["usings"].Value}}
                internal static class {{name}}
                {
                    public static async Task RunAsync(
                        CodexSales.Rx.Ports.Market.IMarket market, CodexSales.Rx.Ports.Storage.ISlotStorage storage,
                        CodexSales.Rx.Ports.Proving.IProver prover, CancellationToken stop)
                    {
                        {{example.Groups["code"].Value}}
                        await Task.CompletedTask;
                    }
                }
                """);
        }
    }

    [GeneratedRegex("^```csharp\n(?<usings>(using [A-Za-z0-9.]+;\n)+)(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
