using System.CommandLine;
using System.Text.Json;
using CodexSales.Node.Cli;

namespace CodexSales.Node.Remote;

/// <summary>"workers", "pause" and "resume": who acquires slots.</summary>
internal sealed class WorkerVerbs(RemoteVerbs verbs)
{
    private readonly Option<int?> _limit = ParsedOption.Make<int>(
        "--limit",
        "How many may be busy from now on, until the node starts again",
        "NUMBER",
        "a whole number from 0 to 1000",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit <= 1_000 ? limit : null);

    public Command Workers() => verbs.Make(
        "workers",
        "What the workers do, and how many there may be",
        async (parsed, node, cancelled) =>
        {
            var limit = parsed.GetValue(_limit);
            var answer = limit is null
                ? await node.GetAsync("workers", cancelled).ConfigureAwait(false)
                : await node.SendAsync(HttpMethod.Patch, "workers", new { limit }, cancelled).ConfigureAwait(false);
            verbs.Show(parsed, answer, Write);
            return ExitCode.Success;
        },
        _limit, verbs.Json);

    public Command Pause() => Make("pause", "Begins nothing new; sales under way go on, and hosted slots are proved", "Paused: nothing new is begun.");

    public Command Resume() => Make("resume", "Goes on after a pause", "Resumed.");

    private Command Make(string name, string what, string done) => verbs.Make(name, what, async (_, node, cancelled) =>
    {
        await node.SendAsync(HttpMethod.Post, $"workers/{name}", null, cancelled).ConfigureAwait(false);
        await verbs.Environment.Output.WriteLineAsync(done).ConfigureAwait(false);
        return ExitCode.Success;
    });

    private void Write(JsonElement workers)
    {
        var idle = workers.IsNull("idle") ? "" : $"; idle: {workers.Words("idle")}";
        var held = workers.IsNull("heldBecause") ? "" : $" ({Tables.Visible(workers.Text("heldBecause"))})";
        verbs.Environment.Output.WriteLine(
            $"{workers.Text("busy")} of {workers.Text("limit")} workers are busy, "
            + $"{workers.Text("maxLimit")} is the most{(workers.GetProperty("paused").GetBoolean() ? "; paused" : "")}{idle}{held}.");
    }
}
