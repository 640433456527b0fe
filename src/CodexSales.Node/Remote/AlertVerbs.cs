using System.CommandLine;
using System.Text.Json;
using CodexSales.Node.Cli;

namespace CodexSales.Node.Remote;

/// <summary>"alerts": what the operator should know of.</summary>
internal sealed class AlertVerbs(RemoteVerbs verbs)
{
    private readonly Argument<long> _number = new("NUMBER")
    {
        Description = "The number of an alert that is active",
        HelpName = "NUMBER",
        CustomParser = given =>
        {
            if (!long.TryParse(given.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                given.AddError($"NUMBER: '{given.Tokens[0].Value}' is given, but the number of an alert is expected, as \"alerts\" tells it.");
            }

            return number;
        },
    };

    private readonly Option<bool> _past = new("--past") { Description = "Tells those that are over, too" };

    public Command Alerts()
    {
        var alerts = verbs.Show("alerts", "What the operator should know of", _ => "alerts", Write, _past);
        alerts.Add(Dismiss());
        alerts.Add(verbs.Make("test", "Raises an alert, so that all receivers are told of one", async (_, node, cancelled) =>
        {
            var raised = await node.SendAsync(HttpMethod.Post, "alerts/test", null, cancelled).ConfigureAwait(false);
            await verbs.Environment.Output.WriteLineAsync($"Alert {raised.Text("number")} is raised.").ConfigureAwait(false);
            return ExitCode.Success;
        }));
        return alerts;
    }

    private Command Dismiss()
    {
        var dismiss = verbs.Make("dismiss", "Ends an alert, because somebody knows of it", async (parsed, node, cancelled) =>
        {
            var number = parsed.GetRequiredValue(_number);
            await node.SendAsync(HttpMethod.Post, $"alerts/{number}/dismiss", null, cancelled).ConfigureAwait(false);
            await verbs.Environment.Output.WriteLineAsync($"Alert {number} is dismissed.").ConfigureAwait(false);
            return ExitCode.Success;
        });
        dismiss.Add(_number);
        return dismiss;
    }

    private void Write(ParseResult parsed, JsonElement answer)
    {
        var told = answer.GetProperty("active").EnumerateArray().ToList();
        verbs.Environment.Output.WriteLine(told.Count == 0 ? "No alert is active." : $"{told.Count} alerts are active.");
        told.AddRange(parsed.GetValue(_past) ? answer.GetProperty("past").EnumerateArray() : []);
        if (told.Count > 0)
        {
            verbs.Environment.WriteTable(
                ["alert", "severity", "since", "until", "times", "about", "what"],
                told.Select(alert => (string[])
                [
                    alert.Text("number"), alert.Text("severity"), alert.Time("since"), alert.Time("until"), alert.Text("count"),
                    $"{alert.Words("kind")} {alert.Text("subject")}".TrimEnd(), alert.Text("sentence"),
                ]));
        }
    }
}
