using System.CommandLine;
using CodexSales.Node.Cli;
using CodexSales.Node.Run;
using CodexSales.Node.Serving;
using CodexSales.Rx.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CodexSales.Node.Demo;

/// <summary>"demo": a simulated market day.</summary>
internal sealed class DemoCommand
{
    private readonly Option<double?> _days = NumberOption.Decimal(
        "--days", "How long the market is shown, in days of its own; not with --listen, which goes on until it is interrupted", 1, 0.01, 365);

    private readonly Option<double?> _speed = NumberOption.Decimal(
        "--speed",
        "Market seconds for each real second; unless given, 2880 in a terminal and as many as possible elsewhere",
        null,
        1,
        1_000_000);

    private readonly Option<int> _seed = NumberOption.Integer(
        "--seed", "Decides what is left to chance: the same seed gives the same run", 1, 0, int.MaxValue);

    private readonly Option<double?> _requestsPerHour = NumberOption.Decimal(
        "--requests-per-hour", "How many requests clients make in a market hour, on average", 20, 0.1, 3_600);

    private readonly Option<int> _workers = NumberOption.Integer(
        "--workers", "How many slots are acquired at once", 3, 1, 1_000);

    private readonly Option<int> _queueSize = NumberOption.Integer(
        "--queue-size", "How many slots the queue holds", 128, 1, 1_000_000);

    private readonly AccessOptions _access = new(null);

    /// <summary>Lets a command run the demo.</summary>
    public T AddTo<T>(T command, CliEnvironment environment)
        where T : Command
    {
        foreach (var option in new Option[] { _days, _speed, _seed, _requestsPerHour, _workers, _queueSize }.Concat(_access.All))
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancelled) => RunAsync(parsed, environment, cancelled));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CliEnvironment environment, CancellationToken cancelled)
    {
        var options = new DemoOptions
        {
            Days = parsed.GetValue(_days).GetValueOrDefault(),
            Speed = parsed.GetValue(_speed) ?? (environment.Terminal is null ? null : DemoOptions.UsualSpeed),
            Seed = parsed.GetValue(_seed),
            RequestsPerHour = parsed.GetValue(_requestsPerHour).GetValueOrDefault(),
            Workers = parsed.GetValue(_workers),
            QueueSize = parsed.GetValue(_queueSize),
        };
        if (_access.AddressOf(parsed) is { } listen)
        {
            return await ServeAsync(options with { Speed = parsed.GetValue(_speed) }, listen, parsed, environment, cancelled).ConfigureAwait(false);
        }

        using var market = new DemoMarket(options);
        using var book = new DemoBook(market);
        book.Watch();
        var run = new DemoRun(market, options, environment.WallClock);
        await (environment.Terminal is { } terminal
            ? ShowTableAsync(run, new LiveTable(market, book, options), market, terminal, cancelled)
            : WriteLinesAsync(run, new PlainLines(market, book, options, environment.Output), market, cancelled))
            .ConfigureAwait(false);
        foreach (var line in DemoSummary.Lines(market, book, options))
        {
            await environment.Output.WriteLineAsync(line).ConfigureAwait(false);
        }

        return ExitCode.Success;
    }

    private async Task<int> ServeAsync(
        DemoOptions options, Uri listen, ParseResult parsed, CliEnvironment environment, CancellationToken interrupted)
    {
        if (parsed.GetResult(_days) is { Implicit: false })
        {
            throw new CannotSellException("--days: given, but not expected with --listen, which goes on until it is interrupted.");
        }

        if (_access.FindFault(parsed) is { } fault)
        {
            throw new CannotSellException(fault);
        }

        var lines = new RunLines(environment.Output, environment.WallClock);
        await using var written = lines.ConfigureAwait(false);
        await new ServedDemo(options, listen, access => _access.Set(access, parsed), lines).RunAsync(interrupted).ConfigureAwait(false);
        return ExitCode.Success;
    }

    private static async Task WriteLinesAsync(
        DemoRun run, PlainLines lines, DemoMarket market, CancellationToken cancelled)
    {
        using var steps = market.Steps.Subscribe(lines.Tell);
        using var reports = market.Every(PlainLines.ReportEvery).Subscribe(_ => lines.Report());
        lines.Open();
        await run.RunAsync(() => { }, cancelled).ConfigureAwait(false);
    }

    private static async Task ShowTableAsync(
        DemoRun run, LiveTable table, DemoMarket market, IAnsiConsole terminal, CancellationToken cancelled)
    {
        using var steps = market.Steps.Subscribe(table.Tell);
        var page = terminal.Live(Render()).Overflow(VerticalOverflow.Crop);
        await page.StartAsync(live => run.RunAsync(() => live.UpdateTarget(Render()), cancelled)).ConfigureAwait(false);

        IRenderable Render() => table.Render(terminal.Profile.Height);
    }
}
