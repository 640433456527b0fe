using System.CommandLine;
using CodexSales.Node.Cli;
using CodexSales.Rx.Hosting;

namespace CodexSales.Node.Run;

/// <summary>"availability": lists and changes what is for sale, while nothing is sold.</summary>
internal sealed class AvailabilityCommand
{
    private const string IdName = "--id";

    private readonly Option<string> _data = TextOption.Required(
        "--data", "Where sales are remembered; no program may sell from it meanwhile", "DIR");

    private readonly Option<OfferChange> _change = AvailabilityOption.MakeOne(isWhole: false);

    private readonly Option<string> _id = TextOption.Required(IdName, "The id of one that is there; sales that run keep what they hold", "ID");

    public Command Make(CliEnvironment environment) => new("availability", "What is for sale, while nothing is sold")
    {
        MakeOne("list", "Tells what is for sale, and what of it is free", null, environment, (_, _) => Task.CompletedTask),
        MakeOne("set", "Changes what is given of one, or adds one; what is not given stays", _change, environment, SetAsync),
        MakeOne(
            "remove",
            "Sells nothing more of one: it is gone when its last sale has ended",
            _id,
            environment,
            (parsed, offers) => Offers.RemoveAsync(offers.Ledger, [parsed.GetRequiredValue(_id)], IdName)),
    };

    private Command MakeOne(
        string name, string what, Option? option, CliEnvironment environment, Func<ParseResult, StoredOffers, Task> act)
    {
        var command = new Command(name, what) { _data };
        if (option is not null)
        {
            command.Add(option);
        }

        command.SetAction((parsed, _) => RunAsync(parsed, isMade: option == _change, environment.Output, act));
        return command;
    }

    private async Task<int> RunAsync(
        ParseResult parsed, bool isMade, TextWriter output, Func<ParseResult, StoredOffers, Task> act)
    {
        var folder = parsed.GetRequiredValue(_data);
        if (!isMade && !File.Exists(SalesFile.In(folder)))
        {
            throw new CannotSellException($"--data: '{folder}' is given, but nothing is remembered there.");
        }

        if (isMade && !File.Exists(SalesFile.In(folder)) && parsed.GetRequiredValue(_change).FindMissingOfNew(isDraining: false) is { } missing)
        {
            throw new CannotSellException(missing); // Before a store is made, which nothing could be restored into.
        }

        using var core = new EventLoopScheduler();
        using var offers = new StoredOffers(SalesFile.Open(folder), core);
        await act(parsed, offers).ConfigureAwait(false);
        foreach (var balance in offers.Ledger.Snapshot)
        {
            await output.WriteLineAsync(Offers.Describe(balance)).ConfigureAwait(false);
        }

        return ExitCode.Success;
    }

    private Task SetAsync(ParseResult parsed, StoredOffers offers)
    {
        var change = parsed.GetRequiredValue(_change);
        return Offers.SetAsync(offers.Ledger, change with { Id = Offers.IdOf(change.Id, offers.Remembered) });
    }
}
