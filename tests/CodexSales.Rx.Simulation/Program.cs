using System.Diagnostics;
using System.Globalization;
using CodexSales.Rx.Simulation;
using CodexSales.Rx.Simulation.Scenarios;

var from = int.Parse(args[0], CultureInfo.InvariantCulture);
var count = int.Parse(args[1], CultureInfo.InvariantCulture);
var watch = Stopwatch.StartNew();
var kinds = new SortedDictionary<string, (int Count, int Seed, string Message)>();
var time = TimeSpan.Zero;
for (var seed = from; seed < from + count; seed++)
{
    var outcome = Simulation.Run(ScenarioDraw.Of(seed), count == 1);
    time += outcome.Elapsed;
    foreach (var line in outcome.Story) Console.WriteLine(line);
    if (outcome.Violation is { } v)
    {
        var k = kinds.GetValueOrDefault(v.Check);
        kinds[v.Check] = (k.Count + 1, k.Count == 0 ? seed : k.Seed, k.Count == 0 ? v.Message : k.Message);
        if (count > 1) Console.WriteLine($"seed {seed} at {v.At:g} [{v.Check}] {v.Message}");
    }
}
foreach (var (k, v) in kinds) Console.WriteLine($"{v.Count,5} {k}: seed {v.Seed}: {v.Message}");
Console.WriteLine($"{count} seeds, {time.TotalDays / 365:f2} years in {watch.Elapsed}: {time.TotalDays / 365 / watch.Elapsed.TotalMinutes:f2} years/min");
