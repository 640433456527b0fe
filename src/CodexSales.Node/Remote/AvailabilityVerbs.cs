using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.Json;
using CodexSales.Node.Cli;

namespace CodexSales.Node.Remote;

/// <summary>"availability": what is for sale. With --data in the store of a node that does not run, and else by the node.</summary>
internal sealed class AvailabilityVerbs(RemoteVerbs verbs)
{
    private const string Of = "availabilities";

    private readonly Option<OfferChange> _offer = AvailabilityOption.MakeOne(isWhole: true);
    private readonly Option<string> _id = TextOption.Required("--id", "The id of one", "ID");

    /// <summary>Has the verbs for a store ask the node where no store is given, and adds what only a node does.</summary>
    public Command AddTo(Command stored)
    {
        stored.Description = "What is for sale: of a node that runs, or with --data in the store of one that does not";
        foreach (var verb in stored.Subcommands)
        {
            AskNodeWithoutStore(verb);
        }

        stored.Add(verbs.Make("add", "Offers space under an id that is new, or under one that is drawn", AddAsync, _offer, verbs.Json));
        stored.Add(verbs.Make(
            "drain", "Sells nothing more of one: it is gone when its last sale has ended", DrainAsync, _id, verbs.Json));
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
                    "set" => (given, node, left) => SetAsync(given, Given<OfferChange>(verb, given, AvailabilityOption.Name), node, left),
                    _ => (given, node, left) => RemoveAsync(given, Given<string>(verb, given, _id.Name), node, left),
                },
                cancelled));
    }

    private static T Given<T>(Command verb, ParseResult parsed, string name) =>
        parsed.GetRequiredValue((Option<T>)verb.Options.Single(option => option.Name == name));

    private async Task<int> ListAsync(ParseResult parsed, NodeClient node, CancellationToken cancelled)
    {
        verbs.Show(parsed, await node.GetAsync(Of, cancelled).ConfigureAwait(false), Write);
        return ExitCode.Success;
    }

    private async Task<int> AddAsync(ParseResult parsed, NodeClient node, CancellationToken cancelled)
    {
        await node.SendAsync(HttpMethod.Post, Of, BodyOf(parsed.GetRequiredValue(_offer)), cancelled).ConfigureAwait(false);
        return await ListAsync(parsed, node, cancelled).ConfigureAwait(false);
    }

    // One request, which the node does as a whole, on what there is by then: a change of another one in between is not lost.
    private async Task<int> SetAsync(ParseResult parsed, OfferChange change, NodeClient node, CancellationToken cancelled)
    {
        var known = (await node.GetAsync(Of, cancelled).ConfigureAwait(false)).EnumerateArray().ToList();
        var id = IdOf(change, known);
        var path = PathOf(id, AvailabilityOption.Name);
        var found = known.Find(offer => offer.Text("id") == id);
        var isNew = found.ValueKind is JsonValueKind.Undefined;
        var isForSale = !isNew && !found.GetProperty("draining").GetBoolean();
        if (!isForSale && change.FindMissingOfNew(isDraining: !isNew) is { } missing)
        {
            throw new NodeException(missing, ExitCode.BadInput);
        }

        await node.SendAsync(
            isNew ? HttpMethod.Post : isForSale ? HttpMethod.Patch : HttpMethod.Put,
            isNew ? Of : path,
            BodyOf(change with { Id = isNew ? new AvailabilityId(id) : default }),
            cancelled).ConfigureAwait(false);
        if (!isNew && !isForSale && !parsed.GetValue(verbs.Json))
        {
            verbs.Environment.Output.WriteLine(Tables.Visible($"'{id}' was being drained, and is for sale again."));
        }

        return await ListAsync(parsed, node, cancelled).ConfigureAwait(false);
    }

    private async Task<int> DrainAsync(ParseResult parsed, NodeClient node, CancellationToken cancelled)
    {
        await node.SendAsync(HttpMethod.Post, $"{PathOf(parsed.GetRequiredValue(_id), _id.Name)}/drain", null, cancelled).ConfigureAwait(false);
        return await ListAsync(parsed, node, cancelled).ConfigureAwait(false);
    }

    private async Task<int> RemoveAsync(ParseResult parsed, string id, NodeClient node, CancellationToken cancelled)
    {
        await node.SendAsync(HttpMethod.Delete, PathOf(id, _id.Name), null, cancelled).ConfigureAwait(false);
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
    private static string IdOf(OfferChange change, List<JsonElement> known) =>
        change.Id != default ? $"{change.Id}"
        : known.ConvertAll(each => each.Text("id")) switch
        {
            [] => "v1",
            [var only] => only,
            var several => throw new NodeException(
                "--availability: id is expected in it, too, as in each where there is more than one: the node has "
                + $"{Tables.Visible(string.Join(", ", several))}.",
                ExitCode.BadInput),
        };

    // They would be resolved away, so that another path is asked.
    private static string PathOf(string id, string option) => id is not ("." or "..")
        ? $"{Of}/{Uri.EscapeDataString(id)}"
        : throw new NodeException(
            $"{option}: '{id}' is given, but a name other than . and .. is expected: a node is asked by paths, where these are none.", ExitCode.BadInput);

    // What is not given is left out. That there is no end is given as null.
    private static Dictionary<string, object?> BodyOf(OfferChange offer)
    {
        var body = new Dictionary<string, object?>
        {
            ["id"] = offer.Id == default ? null : $"{offer.Id}",
            ["totalBytes"] = offer.TotalBytes,
            ["maxDurationSeconds"] = offer.MaxDurationSeconds,
            ["minPricePerBytePerSecond"] = offer.MinPricePerBytePerSecond?.ToString(),
            ["totalCollateral"] = offer.TotalCollateral?.ToString(),
            ["enabled"] = offer.IsEnabled,
        };
        foreach (var name in body.Where(field => field.Value is null).Select(field => field.Key).ToList())
        {
            body.Remove(name);
        }

        if (offer.ChangesUntil)
        {
            body["until"] = offer.Until?.Value;
        }

        return body;
    }
}
