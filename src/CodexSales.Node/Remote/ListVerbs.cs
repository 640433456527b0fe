using System.CommandLine;
using System.Text.Json;
using CodexSales.Node.Cli;

namespace CodexSales.Node.Remote;

/// <summary>"queue", "sales" and "history": what there is to sell, what is sold, and what came of it.</summary>
internal sealed class ListVerbs(RemoteVerbs verbs)
{
    private const int MostRows = 1_000;
    private const int UsualRows = 20;

    private readonly Option<int> _count = NumberOption.Integer("--count", "How many are told", UsualRows, 1, MostRows);
    private readonly Option<string?> _reason = TextOption.One("--reason", "Only those that ended for this reason, such as paid", "REASON");
    private readonly Option<string?> _availability = TextOption.One("--id", "Only those that held space of this availability", "ID");
    private readonly Option<string?> _from = TextOption.One("--from", "Only those that ended then or later: Unix seconds, or ISO 8601", "TIME");
    private readonly Option<string?> _to = TextOption.One("--to", "Only those that ended before that", "TIME");
    private readonly Option<bool> _csv = new("--csv") { Description = "Tells all of them as a table in text, whatever --count says" };

    public Command Queue() => verbs.Show("queue", "The slots that the node can sell now, the best first", PageOf("queue"), (_, page) =>
    {
        verbs.Environment.Output.WriteLine($"{page.Text("total")} of at most {page.Text("capacity")} slots are queued.");
        verbs.Environment.WriteTable(
            ["slot", "size", "for", "price", "reward", "collateral", "fill until", ""],
            page.Items().Select(row => (string[])
            [
                row.Slot(), row.Bytes("slotSizeBytes"), row.Span("durationSeconds"), row.Text("pricePerBytePerSecond"), row.Tokens("reward"),
                row.Tokens("collateral"), row.Time("expiresAt"), Notes(row),
            ]));
    }, _count);

    public Command Sales() => verbs.Show("sales", "The sales under way", PageOf("sales"), (_, page) =>
    {
        verbs.Environment.Output.WriteLine($"{page.Text("total")} sales are under way.");
        verbs.Environment.WriteTable(
            ["sale", "slot", "state", "since", "size", "reward", "collateral", "missed", "ends"],
            page.Items().Select(row => (string[])
            [
                row.Text("number"), row.Slot(), row.Words("state")["sale ".Length..], row.Time("since"), row.Bytes("slotSizeBytes"),
                row.Tokens("reward"), row.Tokens("collateral"), row.Text("missedProofs"), row.Time("endsAt"),
            ]));
    }, _count);

    public Command History() => verbs.Make(
        "history",
        "The sales that are over, the latest first",
        async (parsed, node, cancelled) =>
        {
            if (parsed.GetValue(_csv))
            {
                await node.CopyCsvAsync($"{PathOf(parsed)}&format=csv", verbs.Environment.Output, cancelled).ConfigureAwait(false);
            }
            else
            {
                verbs.Show(parsed, await node.GetAsync(PathOf(parsed), cancelled).ConfigureAwait(false), WriteHistory);
            }

            return ExitCode.Success;
        },
        _count, _reason, _availability, _from, _to, _csv, verbs.Json);

    private void WriteHistory(JsonElement page) => verbs.Environment.WriteTable(
        ["sale", "slot", "ended", "reason", "earned", "lost", "fees", "missed", "availability"],
        page.Items().Select(row => (string[])
        [
            row.Text("number"), row.Slot(), row.Time("endedAt"), row.Words("reason"), row.Tokens("earned"), row.Tokens("collateralLost"),
            row.Ether("spentWei"), row.Text("missedProofs"), row.Text("availability"),
        ]));

    private Func<ParseResult, string> PageOf(string path) => parsed => $"{path}?count={parsed.GetValue(_count)}";

    private string PathOf(ParseResult parsed) =>
        $"history?count={parsed.GetValue(_count)}" + string.Concat(
            new[] { ("reason", _reason), ("availability", _availability), ("from", _from), ("to", _to) }
                .Select(pair => (Name: pair.Item1, Value: parsed.GetValue(pair.Item2)))
                .Where(pair => pair.Value is not null)
                .Select(pair => $"&{pair.Name}={Uri.EscapeDataString(pair.Value!)}"));

    private static string Notes(JsonElement row) =>
        row.GetProperty("isDeferred").GetBoolean() ? "given up for now" : row.GetProperty("isRepair").GetBoolean() ? "repair" : "";
}
