namespace CodexSales.Rx.Tests.Caching;

/// <summary>Makes random programs from a seed, and failing ones shorter.</summary>
internal sealed class ProgramGenerator(int seed)
{
    public const int MaxKey = 7;

    private const int MaxRank = 9;
    private const int MaxSteps = 16;

    private readonly Random _random = new(seed);

    public List<Step> Program() => [.. Enumerable.Range(0, 1 + _random.Next(MaxSteps)).Select(_ => NextStep())];

    /// <summary>Drops steps while what is left still fails: a half, a quarter, … a single one.</summary>
    public static List<Step> Shrink(List<Step> program, Func<List<Step>, bool> fails)
    {
        for (var length = program.Count; length >= 1;)
        {
            var shorter = Enumerable.Range(0, program.Count - length + 1)
                .Select(start => program.Take(start).Concat(program.Skip(start + length)).ToList())
                .FirstOrDefault(fails);
            program = shorter ?? program;
            length = shorter is null ? length / 2 : Math.Min(length, program.Count);
        }

        return program;
    }

    public static string ToCode(IEnumerable<Step> program) =>
        $"ProgramRun.Of([\n{string.Concat(program.Select(step => $"    {step},\n"))}]);";

    private Step NextStep() => _random.Next(22) switch
    {
        < 10 => NextOperation(),
        < 13 => new Edit(_random.Next(3) == 0, NextOperations()),
        13 => new WithFailingComparer(_random.Next(5), NextOperation()),
        14 => new Reenter(NextOperation(), NextOperation()),
        15 => new Join(null),
        16 => new Join(NextOperation()),
        17 => new Leave(_random.Next(4), null),
        18 => new Leave(_random.Next(4), NextOperation()),
        19 => new Refilter(1 + _random.Next(4), null),
        20 => new Refilter(1 + _random.Next(4), NextOperation()),
        _ => new Breathe(),
    };

    private Operation[] NextOperations() => [.. Enumerable.Range(0, _random.Next(6)).Select(_ => NextOperation())];

    private Operation NextOperation() => _random.Next(10) switch
    {
        < 2 => new Add(NextKey(), NextRank()),
        < 6 => new Put(NextKey(), NextRank()),
        6 or 7 => new Remove(NextKey()),
        8 => new TakeFirst(),
        _ => new TakeLast(),
    };

    private int NextKey() => _random.Next(MaxKey + 1);

    private int NextRank() => _random.Next(MaxRank + 1);
}
