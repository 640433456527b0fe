using CodexSales.Rx.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>What a section of the configuration may say, and what is said of one that is wrong.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void All_that_is_wrong_ends_the_start_with_one_exception_that_lists_it()
    {
        using var app = new HostedApp(
            builder => builder.UseEthereum(),
            [
                ("Worker", "2"), ("QueueCapacity", "0"), ("StopWithin", "soon"), ("Selling:ProveDeadline", "00:00:00"),
                ("Availabilities:1:Id", "disk 1"), ("Availabilities:1:TotalBytes", "1 TB"), ("Ethereum:Nodes:0", "node.example"),
                ("Ethereum:Marketplace", "0x12"), ("Ethereum:Intake:FinalDepth", "0"),
            ]);

        var refused = Assert.Throws<OptionsValidationException>(app.Start);

        Assert.Equal(
            [
                "CodexSales:Worker: there is no such option; Workers is the nearest one.",
                "CodexSales:StopWithin: 'soon' is given, but a time such as 00:01:30 (days.hours:minutes:seconds) is expected: 0 to 1.00:00:00.",
                "CodexSales:Availabilities:1:TotalBytes: '1 TB' is given, but a whole number is expected: 1 or more.",
                "CodexSales:Ethereum:Marketplace: '0x12' is given, but an address such as 0x… of 40 hexadecimal digits is expected: the contract.",
                "No storage is chosen: UseSlotFiles(), UseHooks() or UseStorage<T>() is expected after AddCodexSales.",
                "No prover is chosen: UseHooks() or UseProver<T>() is expected after AddCodexSales.",
                "CodexSales:Selling:ProveDeadline is 00:00:00; more than 0 is expected.",
                "CodexSales:QueueCapacity is 0; 1 to 1000000 is expected.",
                "CodexSales:Availabilities:1:MaxDurationSeconds is 0; 1 or more is expected.",
                "CodexSales:Availabilities:1:TotalCollateral is 0; 1 or more is expected.",
                "CodexSales:Availabilities:1:Id is 'disk 1', which another one has; one of each is expected.",
                "CodexSales:Ethereum:Nodes:0: The node's address is not a URL that begins with http://, https://, ws:// or wss://.",
                "No store is chosen: UseSqlite() is expected with UseEthereum(): a transaction that nobody remembers may be sent twice.",
                "No account is chosen: CodexSales:Ethereum:KeyFile is expected, or CodexSales:Ethereum:Account with or without "
                    + "CodexSales:Ethereum:Signer, or an ISigner among the services.",
                "CodexSales:Ethereum:Intake:FinalDepth is 0; 1 to 100000 is expected.",
            ],
            refused.Failures.Order(StringComparer.Ordinal), new InAnyOrder());
    }

    [Fact]
    public void A_host_that_chose_no_market_is_told_so()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales"));
        using var app = builder.Build();

        var refused = Assert.Throws<OptionsValidationException>(app.Start);

        Assert.Contains(
            "No market is chosen: UseEthereum(), UseMarket<T>() or UseSimulatedMarket() is expected after AddCodexSales.", refused.Failures);
    }

    [Fact]
    public void Names_are_those_of_the_options_and_each_kind_of_value_is_read()
    {
        var options = Read(
            ("Workers", "2"), ("Selling:ProveDeadline", "00:07:00"), ("Availabilities:0:Id", "a"), ("Availabilities:0:TotalCollateral", "18446744073709551616"),
            ("Ethereum:Nodes:0", "wss://one"), ("Ethereum:Nodes:1", "https://two"), ("Ethereum:SignerIsClef", "true"),
            ("Ethereum:Transactions:MaxFeePerGas", "1000"), ("SimulatedMarket:RequestsPerHour", "0.5"));

        Assert.Empty(SettingsReader.FaultsOf(options));
        Assert.Equal((2, TimeSpan.FromMinutes(7)), (options.Pipeline.Workers, options.Pipeline.Selling.ProveDeadline));
        Assert.Equal("18446744073709551616", $"{Assert.Single(options.Availabilities).TotalCollateral}");
        Assert.Equal(["wss://one", "https://two"], options.Ethereum.Nodes);
        Assert.True(options.Ethereum.SignerIsClef);
        Assert.Equal(1000UL, (ulong)options.Ethereum.Transactions.MaxFeePerGas);
        Assert.Equal(0.5, options.SimulatedMarket.RequestsPerHour);
    }

    [Theory]
    [InlineData("Workers", "2000", "CodexSales:Workers is 2000; 0 to 1000 is expected.")]
    [InlineData("workers", "many", "CodexSales:workers: 'many' is given, but a whole number is expected: 0 to 1000.")]
    [InlineData("MaxWorkers", "0", "CodexSales:MaxWorkers is 0; 1 to 1000 is expected.")]
    [InlineData("Selling", "none", "CodexSales:Selling: 'none' is given, but a section is expected.")]
    [InlineData("Availabilities:third:Id", "b", "CodexSales:Availabilities:third:TotalBytes is 0; 1 or more is expected.")]
    [InlineData("Availabilities:third:TotalBytes", "-1", "CodexSales:Availabilities:third:Id is not given; a name of at most 100 characters is expected.")]
    [InlineData("SimulatedMarket:RequestsPerHour", "0.01", "CodexSales:SimulatedMarket:RequestsPerHour is 0.01; 0.1 to 3600 is expected.")]
    public void A_fault_is_told_once_with_its_key_the_value_and_its_range(string key, string value, string sentence)
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket(), [(key, value)]);

        var faults = Assert.Throws<OptionsValidationException>(app.Start).Failures.ToList();

        Assert.Contains(sentence, faults);
        Assert.All(faults, fault => Assert.StartsWith("CodexSales:", fault, StringComparison.Ordinal));
        Assert.Equal(faults.Select(KeyOf).Distinct(), faults.Select(KeyOf));

        static string KeyOf(string fault) => fault.Split(": ")[0].Split(" is ")[0];
    }

    [Fact]
    public void Sqlite_has_a_range_too() => Assert.Equal(
        ["CodexSales:Sqlite:HistoryCapacity is 0; 1 or more is expected.", "CodexSales:Sqlite:Path is not given; a file is expected."],
        Assert.Throws<OptionsValidationException>(
                new HostedApp(builder => builder.UseSimulatedMarket().UseSqlite(), [("Sqlite:HistoryCapacity", "0")]).Start)
            .Failures.Order(StringComparer.Ordinal));

    [Fact]
    public void What_the_contract_decides_is_not_set() => Assert.Contains(
        "CodexSales:Ethereum:Intake:LookBack is 1.00:00:00; none is expected, since it comes from the contract.",
        Assert.Throws<OptionsValidationException>(
            new HostedApp(builder => builder.UseEthereum(), [("Ethereum:Intake:LookBack", "1.00:00:00")]).Start).Failures);

    [Theory]
    [InlineData("Workers:0", "CodexSales:Workers: more than one value is given, but a whole number is expected: 0 to 1000.")]
    [InlineData("Ethereum:Nodes", "CodexSales:Ethereum:Nodes: '1' is given, but a list is expected.")]
    [InlineData("Pipeline:Workers", "CodexSales:Pipeline: there is no such option.")]
    [InlineData("Ethereum", "CodexSales:Ethereum: '1' is given, but a section is expected.")]
    [InlineData("StopWithin", "CodexSales:StopWithin: '1' is given, but a time such as 00:01:30 (days.hours:minutes:seconds) is expected: 0 to 1.00:00:00.")]
    [InlineData("Ethereum:Intake:Finaldept", "CodexSales:Ethereum:Intake:Finaldept: there is no such option; FinalDepth is the nearest one.")]
    public void What_has_another_shape_is_told(string key, string sentence) =>
        Assert.Equal([sentence], SettingsReader.FaultsOf(Read((key, "1"))).Select(fault => fault.Sentence));

    [Fact]
    public void A_section_that_is_missing_is_told()
    {
        var options = new CodexSalesOptions();
        SettingsReader.Read(new ConfigurationBuilder().Build().GetSection("CodexSales"), options);

        Assert.Equal(
            ["CodexSales: there is no such section in the configuration, but the options of the host are expected there."],
            SettingsReader.FaultsOf(options).Select(fault => fault.Sentence));
    }

    [Fact]
    public void It_is_added_once()
    {
        var services = new ServiceCollection();
        services.AddCodexSales(new ConfigurationBuilder().Build());

        Assert.Throws<InvalidOperationException>(() => services.AddCodexSales(new ConfigurationBuilder().Build()));
    }

    private static CodexSalesOptions Read(params (string Key, string Value)[] values)
    {
        var options = new CodexSalesOptions();
        SettingsReader.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create($"CodexSales:{pair.Key}", (string?)pair.Value)))
                .Build()
                .GetSection("CodexSales"),
            options);
        return options;
    }

    private sealed class InAnyOrder : IEqualityComparer<IEnumerable<string>>
    {
        public bool Equals(IEnumerable<string>? x, IEnumerable<string>? y) =>
            x!.Order(StringComparer.Ordinal).SequenceEqual(y!.Order(StringComparer.Ordinal));

        public int GetHashCode(IEnumerable<string> obj) => 0;
    }
}
