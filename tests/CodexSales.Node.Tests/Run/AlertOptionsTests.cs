using CodexSales.Node.Cli;
using CodexSales.Node.Run;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Testing.Time;

namespace CodexSales.Node.Tests.Run;

/// <summary>What "run" is told about alerts is what the host goes by.</summary>
public sealed class AlertOptionsTests
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

    private static AlertSettings Read(string options)
    {
        var run = new RunCommand();
        var command = run.Make(new CliEnvironment
        {
            Output = TextWriter.Null, Error = TextWriter.Null, WallClock = new VirtualTime(),
        });
        return run.Read(command.Parse(
            "--rpc http://127.0.0.1:1 --marketplace 0x00000000000000000000000000000000000000aa "
            + $"--account 0x00000000000000000000000000000000000000bb --data d --hook h {options}")).Settings.Alerts;
    }
}
