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

    private readonly Option<ImmutableArray<Availability>> _availabilities =
        AvailabilityOption.Make(isRequired: true, isRemembered: true);

    private readonly Option<string[]> _ids = new(IdName)
    {
        Description = "The id of one that is remembered, once or more; sales that run keep what they hold",
        HelpName = "ID",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
    };

    public Command Make(CliEnvironment environment) => new("availability", "What is for sale, while nothing is sold")
    {
        MakeOne("list", "Tells what is for sale, and what of it is free", null, environment, (_, _) => Task.CompletedTask),
        MakeOne("set", "Adds what is given, or changes those of the same ids", _availabilities, environment, SetAsync),
        MakeOne(
            "remove",
            "Sells nothing more of some: they are gone when their last sales have ended",
            _ids,
            environment,
            (parsed, offers) => Offers.RemoveAsync(offers.Ledger, parsed.GetRequiredValue(_ids), IdName)),
    };

    private Command MakeOne(
        string name, string what, Option? option, CliEnvironment environment, Func<ParseResult, StoredOffers, Task> act)
    {
        var command = new Command(name, what) { _data };
        if (option is not null)
        {
            command.Add(option);
        }

        command.SetAction((parsed, _) => RunAsync(parsed, isMade: option == _availabilities, environment.Output, act));
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

        using var core = new EventLoopScheduler();
        using var offers = new StoredOffers(SalesFile.Open(folder), core);
        await act(parsed, offers).ConfigureAwait(false);
        foreach (var balance in offers.Ledger.Snapshot)
        {
            await output.WriteLineAsync(Offers.Describe(balance)).ConfigureAwait(false);
        }

        return ExitCode.Success;
    }

    private Task SetAsync(ParseResult parsed, StoredOffers offers) =>
        Offers.SaveAsync(offers.Ledger, Offers.WithIds(parsed.GetRequiredValue(_availabilities), offers.Remembered));
}
