using System.Globalization;
using CodexSales.Rx.Simulation;
using CodexSales.Rx.Simulation.Commands;
using CodexSales.Rx.Simulation.Mutations;
using CodexSales.Rx.Simulation.Scenarios;

return CommandLine.Parse(args) switch
{
    { Mutations: { } names } => MutationRun.Run(Console.Out, names) ? 0 : 1,
    { Seed: { } seed } => Tell(ScenarioDraw.Of(seed)),
    { Hunt: { } most } line => Hunt(line.FromSeed, most),
    { } line => RunSeeds(line),
    null => Complain(),
};

static int Tell(Scenario scenario)
{
    var outcome = Simulation.Run(scenario, isTold: true);
    Report.Tell(Console.Out, outcome);
    if (outcome.Violation is null)
    {
        return 0;
    }

    Report.TellFailure(Console.Out, outcome);
    return 1;
}

static int Hunt(int from, int most)
{
    for (var seed = from; seed < from + most; seed++)
    {
        if (Simulation.Run(ScenarioDraw.Of(seed)).Violation is { } violation)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"seed {seed} breaks [{violation.Check}]: {violation.Message}"));
            return 1;
        }
    }

    return 0;
}

static int RunSeeds(CommandLine line)
{
    var run = new SeedRun(ScenarioDraw.Of, Console.Out, longestSilence: TimeSpan.FromSeconds(20));
    var failed = run.Run(line.FromSeed, (count, elapsed) => line.Seeds is { } seeds
        ? count >= seeds
        : elapsed.TotalMinutes >= line.Minutes);
    return failed.Count == 0 ? 0 : 1;
}

static int Complain()
{
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}
