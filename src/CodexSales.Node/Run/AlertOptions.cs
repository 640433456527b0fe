using System.CommandLine;
using CodexSales.Node.Cli;
using CodexSales.Rx.Hosting.Settings;

namespace CodexSales.Node.Run;

/// <summary>The options of "run" on who is told of alerts.</summary>
internal sealed class AlertOptions
{
    /// <summary>How their names begin. All can be changed while it runs.</summary>
    public const string Prefix = "--alert-";

    private readonly Option<string?> _webhook = EndpointOption.One(
        "--alert-webhook", "Who is told of alerts over HTTP, besides the log: a URL, or file:PATH of a file with it");

    private readonly Option<string?> _secretFile = TextOption.One(
        "--alert-secret-file", "The secret that signs what --alert-webhook is told; only its owner may read it", "FILE");

    private readonly Option<string?> _program = TextOption.One(
        "--alert-program", "A program of yours that is run for each alert, and reads it as one JSON line", "PROGRAM");

    private readonly Option<double?> _nothingSold = NumberOption.Decimal(
        "--alert-nothing-sold-hours", "For how many hours slots may be open while nothing is sold", 6, 0.1, 8_760);

    private readonly Option<double?> _etherDays = NumberOption.Decimal(
        "--alert-ether-days", "For how many days the ether should last, as the fees of the last day go", 3, 0, 365);

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _webhook, _secretFile, _program, _nothingSold, _etherDays })
        {
            command.Add(option);
        }
    }

    public void Set(AlertSettings settings, ParseResult parsed)
    {
        var (address, secret) = (parsed.GetValue(_webhook), parsed.GetValue(_secretFile));
        if (address is not null || secret is not null)
        {
            settings.Webhooks.Add(new WebhookSettings { Address = address, SecretFile = secret }); // One without an address is refused.
        }

        settings.Program = parsed.GetValue(_program);
        settings.NothingSoldFor = TimeSpan.FromHours(parsed.GetValue(_nothingSold).GetValueOrDefault());
        settings.EtherLasts = TimeSpan.FromDays(parsed.GetValue(_etherDays).GetValueOrDefault());
    }
}
