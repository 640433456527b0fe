using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.Json;
using CodexSales.Node.Cli;

namespace CodexSales.Node.Remote;

/// <summary>"availability": what is for sale. With --data in the store of a node that does not run, and else by the node.</summary>
internal sealed class AvailabilityVerbs(RemoteVerbs verbs)
{
    private const string Of = "availabilities";

    private readonly Option<ImmutableArray<Availability>> _offers = AvailabilityOption.Make(isRequired: true, isRemembered: true);

    private readonly Option<string[]> _ids = new("--id")
    {
        Description = "The id of one, once or more",
        HelpName = "ID",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Has the verbs for a store ask the node where no store is given, and adds what only a node does.</summary>
    public Command AddTo(Command stored)
    {
        stored.Description = "What is for sale: of a node that runs, or with --data in the store of one that does not";
        foreach (var verb in stored.Subcommands)
        {
            AskNodeWithoutStore(verb);
        }

        stored.Add(verbs.Make("add", "Offers what is given, each under an id that is new", AddAsync, _offers, verbs.Json));
        stored.Add(verbs.Make(
            "drain", "Sells nothing more of some: they are gone when their last sales have ended", DrainAsync, _ids, verbs.Json));
        return stored;
    }

    private void AskNodeWithoutStore(Command verb)
    {
        var data = verb.Options.Single(option => option.Name == "--data");
        data.Required = false;
        verbs.AddOptions(verb, verbs.Json);
        var byStore = (AsynchronousCommandLineAction)verb.Action!;
        verb.SetAction((parsed, cancelled) => parsed.GetResult(data) is { Implicit: false }
            ? byStore.InvokeAsync(parsed, cancelled)
            : verbs.RunAsync(
                parsed,
                verb.Name switch
                {
                    "list" => ListAsync,
                    "set" => (given, node, left) => SetAsync(given, Given(verb, given), node, left),
                    _ => (given, node, left) => RemoveAsync(given, Named(verb, given), node, left),
                },
                cancelled));
    }

    private static ImmutableArray<Availability> Given(Command verb, ParseResult parsed) =>
        parsed.GetRequiredValue((Option<ImmutableArray<Availability>>)verb.Options.Single(option => option.Name == AvailabilityOption.Name));

    private static string[] Named(Command verb, ParseResult parsed) =>
        parsed.GetRequiredValue((Option<string[]>)verb.Options.Single(option => option.Name == "--id"));

    private async Task<int> ListAsync(ParseResult parsed, NodeClient node, CancellationToken cancelled)
    {
        verbs.Show(parsed, await node.GetAsync(Of, cancelled).ConfigureAwait(false), Write);
        return ExitCode.Success;
    }

    private async Task<int> AddAsync(ParseResult parsed, NodeClient node, CancellationToken cancelled)
    {
        foreach (var offer in parsed.GetRequiredValue(_offers))
        {
            await node.SendAsync(HttpMethod.Post, Of, BodyOf(offer), cancelled).ConfigureAwait(false);
        }

        return await ListAsync(parsed, node, cancelled).ConfigureAwait(false);
    }

    private async Task<int> SetAsync(ParseResult parsed, ImmutableArray<Availability> offers, NodeClient node, CancellationToken cancelled)
    {
        var known = await node.GetAsync(Of, cancelled).ConfigureAwait(false);
        foreach (var offer in offers)
        {
            await node.SendAsync(HttpMethod.Put, PathOf(IdOf(offer, known)), BodyOf(offer with { Id = default }), cancelled).ConfigureAwait(false);
        }

        return await ListAsync(parsed, node, cancelled).ConfigureAwait(false);
    }

    private async Task<int> DrainAsync(ParseResult parsed, NodeClient node, CancellationToken cancelled)
    {
        foreach (var id in parsed.GetRequiredValue(_ids))
        {
            await node.SendAsync(HttpMethod.Post, $"{PathOf(id)}/drain", null, cancelled).ConfigureAwait(false);
        }

        return await ListAsync(parsed, node, cancelled).ConfigureAwait(false);
    }

    private async Task<int> RemoveAsync(ParseResult parsed, string[] ids, NodeClient node, CancellationToken cancelled)
    {
        foreach (var id in ids)
        {
            await node.SendAsync(HttpMethod.Delete, PathOf(id), null, cancelled).ConfigureAwait(false);
        }

        return await ListAsync(parsed, node, cancelled).ConfigureAwait(false);
    }

    private void Write(JsonElement offers) => verbs.Environment.WriteTable(
        ["availability", "size", "free", "for up to", "price", "collateral", "free", "sales", "earned", ""],
        offers.EnumerateArray().Select(offer => (string[])
        [
            offer.Text("id"), offer.Bytes("totalBytes"), offer.Bytes("freeBytes"), offer.Span("maxDurationSeconds"),
            offer.Text("minPricePerBytePerSecond"), offer.Tokens("totalCollateral"), offer.Tokens("freeCollateral"), offer.Text("sales"),
            offer.Tokens("earned"), Notes(offer),
        ]));

    private static string Notes(JsonElement offer) =>
        offer.GetProperty("draining").GetBoolean() ? "removed when its sales have ended"
        : !offer.GetProperty("enabled").GetBoolean() ? "disabled"
        : offer.IsNull("until") ? ""
        : $"until {offer.Time("until")}";

    // The only one that there is needs no name.
    private static string IdOf(Availability offer, JsonElement known) =>
        offer.Id != default ? $"{offer.Id}"
        : known.EnumerateArray().Select(each => each.Text("id")).ToList() switch
        {
            [] => "v1",
            [var only] => only,
            var several => throw new NodeException(
                "--availability: id is expected in it, too, as in each where there is more than one: the node has "
                + $"{Tables.Visible(string.Join(", ", several))}.",
                ExitCode.BadInput),
        };

    private static string PathOf(string id) => $"{Of}/{Uri.EscapeDataString(id)}";

    private static Dictionary<string, object?> BodyOf(Availability offer)
    {
        var body = new Dictionary<string, object?>
        {
            ["totalBytes"] = offer.TotalBytes,
            ["maxDurationSeconds"] = offer.MaxDurationSeconds,
            ["minPricePerBytePerSecond"] = $"{offer.MinPricePerBytePerSecond}",
            ["totalCollateral"] = $"{offer.TotalCollateral}",
            ["enabled"] = !offer.IsDisabled,
            ["until"] = offer.Until?.Value,
        };
        if (offer.Id != default)
        {
            body["id"] = $"{offer.Id}";
        }

        return body;
    }
}
