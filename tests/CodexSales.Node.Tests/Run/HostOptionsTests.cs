using System.Globalization;
using CodexSales.Node.Cli;
using CodexSales.Node.Run;
using CodexSales.Node.Tests.Readme;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Testing.Time;

namespace CodexSales.Node.Tests.Run;

/// <summary>What "run" is told about alerts, and about its end, is what the host goes by.</summary>
public sealed class HostOptionsTests
{
    [Fact]
    public void Each_option_arrives_in_its_unit()
    {
        var alerts = Read(
            "--alert-webhook https://pager.example/a?key=1 --alert-secret-file secret --alert-program told "
            + "--alert-nothing-sold-hours 1.5 --alert-ether-days 7");

        var webhook = Assert.Single(alerts.Webhooks);
        Assert.Equal(("https://pager.example/a?key=1", "secret"), (webhook.Address, webhook.SecretFile));
        Assert.Equal(
            ("told", TimeSpan.FromMinutes(90), TimeSpan.FromDays(7)), (alerts.Program, alerts.NothingSoldFor, alerts.EtherLasts));
    }

    [Fact]
    public void What_is_not_given_is_as_it_is_without_the_program()
    {
        var (alerts, given) = (Read(""), new AlertSettings());

        Assert.Empty(alerts.Webhooks);
        Assert.Equal((given.Program, given.NothingSoldFor, given.EtherLasts), (alerts.Program, alerts.NothingSoldFor, alerts.EtherLasts));
    }

    // systemd ends by force what takes longer: then transactions on their way are nobody's.
    [Fact]
    public void The_unit_of_systemd_waits_longer_than_a_stop_takes()
    {
        var unit = File.ReadAllLines(Path.Combine(ReadmeTests.FindRoot(), "src", "CodexSales.Node", "codexsales.service"));
        var patience = unit.Single(line => line.StartsWith("TimeoutStopSec=", StringComparison.Ordinal)).Split('=')[1];

        Assert.True(
            TimeSpan.FromSeconds(int.Parse(patience, CultureInfo.InvariantCulture)) > ReadSettings("").StopWithin + SellingApp.TimeForTheRest);
    }

    private static AlertSettings Read(string options) => ReadSettings(options).Alerts;

    private static CodexSalesOptions ReadSettings(string options)
    {
        var run = new RunCommand([]);
        var command = run.Make(new CliEnvironment
        {
            Output = TextWriter.Null, Error = TextWriter.Null, WallClock = new VirtualTime(),
        });
        return run.Read(command.Parse(
            "--rpc http://127.0.0.1:1 --marketplace 0x00000000000000000000000000000000000000aa "
            + $"--account 0x00000000000000000000000000000000000000bb --data d --hook h {options}")).Settings;
    }
}
