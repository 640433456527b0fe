using System.CommandLine;
using System.Text.Json;
using CodexSales.Node.Cli;

namespace CodexSales.Node.Remote;

/// <summary>"status": how the node is doing, on one screen, and as an exit code.</summary>
internal static class StatusVerb
{
    // What is known of is dismissed, and counts no more; the rest counts for as long as the host remembers that it happened.
    private static readonly string[] _losses = ["proofMissed", "collateralSlashed", "slotLost"];

    // Why workers are idle while all is well: nothing keeps them, or nothing is there, or not yet. For any other reason nothing new is begun.
    private static readonly string[] _wellIdle = ["", "queueIsEmpty", "onlyDeferredSlots", "pastIsBeingTold"];

    public static Command Make(RemoteVerbs verbs) => verbs.Make(
        "status",
        $"How the node is doing; ends with {ExitCode.Success} when it sells or waits for something to sell, {ExitCode.Failed} when it begins "
            + $"nothing new, {ExitCode.Unreachable} when it can't be asked, and {ExitCode.Losing} when it can sell, but proofs were missed or "
            + "collateral was lost lately: such an alert is active",
        (parsed, node, cancelled) => RunAsync(verbs, parsed, node, cancelled),
        verbs.Json);

    private static async Task<int> RunAsync(RemoteVerbs verbs, ParseResult parsed, NodeClient node, CancellationToken cancelled)
    {
        var asked = (
            Health: node.GetAsync("health", cancelled),
            Chain: node.GetAsync("chain", cancelled),
            Offers: node.GetAsync("availabilities", cancelled),
            Alerts: node.GetAsync("alerts", cancelled));
        var health = await asked.Health.ConfigureAwait(false);
        var (chain, offers) = (await asked.Chain.ConfigureAwait(false), await asked.Offers.ConfigureAwait(false));
        var alerts = (await asked.Alerts.ConfigureAwait(false)).GetProperty("active");
        if (parsed.GetValue(verbs.Json))
        {
            verbs.Environment.Output.WriteLine($$"""{"health":{{health}},"chain":{{chain}},"availabilities":{{offers}},"alerts":{{alerts}}}""");
        }
        else
        {
            Write(verbs.Environment, health, chain, offers, alerts);
        }

        // A loss is what nothing new is begun for, as a rule: it is told before that.
        return health.Text("status") == "stopped" ? ExitCode.Failed
            : alerts.EnumerateArray().Any(alert => _losses.Contains(alert.Text("kind"))) ? ExitCode.Losing
            : _wellIdle.Contains(health.GetProperty("workers").Text("idle")) ? ExitCode.Success
            : ExitCode.Failed;
    }

    private static void Write(CliEnvironment environment, JsonElement health, JsonElement chain, JsonElement offers, JsonElement alerts)
    {
        environment.Output.WriteLine(Tables.Visible(health.Text("sentence")));
        environment.Output.WriteLine();
        var (workers, books) = (health.GetProperty("workers"), health.GetProperty("books"));
        environment.WriteTable(
            ["", ""],
            [
                ["status", health.Text("status")],
                ["workers", $"{workers.Text("busy")} of {workers.Text("limit")} busy{(workers.GetProperty("paused").GetBoolean() ? ", paused" : "")}"],
                ["queue", $"{health.Text("queued")} of {health.Text("openSlots")} open slots"],
                ["hosted", $"{health.Text("hosted")} slots, {health.Text("missedProofs")} proofs missed"],
                ["space", $"{books.Bytes("usedBytes")} written, {books.Bytes("heldBytes")} held, of {offers.GetArrayLength()} availabilities"],
                ["collateral", $"{books.Tokens("heldCollateral")} held, {books.Tokens("slashed")} slashed, {books.Tokens("lost")} lost"],
                ["earned", $"{books.Tokens("earned")} by {books.Text("paid")} sales, {books.Tokens("expectedReward")} expected"],
                ["alerts", alerts.GetArrayLength() == 0 ? "none" : string.Join(", ", alerts.EnumerateArray().CountBy(alert => alert.Words("kind")).Select(Kind))],
                ["block", health.IsNull("block") ? "none yet" : $"{health.GetProperty("block").Text("number")}, {health.Span("blockAgeSeconds")} ago"],
                .. chain.GetProperty("endpoints").EnumerateArray().Select(End),
            ]);
    }

    private static string Kind(KeyValuePair<string, int> alerts) => alerts.Value == 1 ? alerts.Key : $"{alerts.Value} {alerts.Key}";

    private static string[] End(JsonElement endpoint) =>
    [
        endpoint.GetProperty("asked").GetBoolean() ? "node (asked)" : "node",
        endpoint.IsNull("problem") ? endpoint.Text("name") : $"{endpoint.Text("name")}: {endpoint.Text("problem")}",
    ];
}
