using System.CommandLine;
using System.CommandLine.Parsing;
using CodexSales.Node.Cli;

namespace CodexSales.Node.Replay;

/// <summary>"replay": sends recorded logs through the pipeline.</summary>
internal sealed class ReplayCommand
{
    private readonly Option<string> _logs = TextOption.Required(
        "--logs", "Recorded logs, one JSON-RPC log object a line, in the order of the chain", "FILE");

    private readonly Option<string?> _blocks = TextOption.One(
        "--blocks", "Recorded blocks, one JSON-RPC block object a line [default: the logs' blockTimestamp]", "FILE");

    private readonly Option<ImmutableArray<Availability>> _availabilities =
        AvailabilityOption.Make(isRequired: true, isRemembered: false);

    private readonly Option<bool> _observe = new("--observe") { Description = "Keep the queue only, and sell nothing" };

    private readonly Option<int> _workers = NumberOption.Integer(
        "--workers", "How many slots are acquired at once", 3, 1, 1_000);

    private readonly Option<int> _queueSize = NumberOption.Integer(
        "--queue-size", "How many slots the queue holds", 128, 1, 1_000_000);

    private readonly Option<string> _output = new("--output")
    {
        Description = "text for people, jsonl for programs: one JSON object a line",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "text",
    };

    private readonly Option<Address?> _marketplace = AddressOption.Make(
        "--marketplace",
        "The contract; logs of others are counted and skipped [default: that of the first Marketplace log]");

    private readonly Option<int> _repairReward = NumberOption.Integer(
        "--repair-reward", "How much less collateral a slot in repair takes, in percent", 10, 0, 100);

    public Command Make(CliEnvironment environment)
    {
        _output.Validators.Add(ExpectFormat);
        var command = new Command("replay", "Feeds recorded contract logs through the pipeline, in virtual time")
        {
            _logs, _blocks, _availabilities, _observe, _workers, _queueSize, _output, _marketplace, _repairReward,
        };
        command.SetAction((parsed, cancelled) => Task.FromResult(Run(parsed, environment, cancelled)));
        return command;
    }

    private int Run(ParseResult parsed, CliEnvironment environment, CancellationToken cancelled)
    {
        var options = new ReplayOptions
        {
            LogsPath = parsed.GetRequiredValue(_logs),
            BlocksPath = parsed.GetValue(_blocks),
            Marketplace = parsed.GetValue(_marketplace),
            Availabilities = parsed.GetRequiredValue(_availabilities),
            Observe = parsed.GetValue(_observe),
            Workers = parsed.GetValue(_workers),
            QueueSize = parsed.GetValue(_queueSize),
            RepairRewardPercent = (byte)parsed.GetValue(_repairReward),
        };
        ReplayReport report = parsed.GetValue(_output) == "jsonl"
            ? new JsonLinesReport(environment.Output)
            : new TextReport(environment.Output);
        new ReplayRun(options, report, environment.Error, environment.Progress).Run(cancelled);
        return ExitCode.Success;
    }

    private static void ExpectFormat(OptionResult given)
    {
        if (given.Tokens is [{ Value: not ("text" or "jsonl") and var format }])
        {
            given.AddError($"--output: '{format}' is given, but text or jsonl is expected.");
        }
    }
}
