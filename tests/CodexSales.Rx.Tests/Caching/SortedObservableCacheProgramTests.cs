namespace CodexSales.Rx.Tests.Caching;

/// <summary>Random programs, compared with a plain model after every step.</summary>
public sealed class SortedObservableCacheProgramTests
{
    private const int Programs = 10_000;

    [Fact]
    public void The_cache_and_all_its_views_equal_a_plain_model_after_every_step_of_random_programs()
    {
        for (var seed = 0; seed < Programs; seed++)
        {
            var program = new ProgramGenerator(seed).Program();
            if (FailureOf(program) is not null)
            {
                var shortest = ProgramGenerator.Shrink(program, shorter => FailureOf(shorter) is not null);
                Assert.Fail($"Seed {seed}: {FailureOf(shortest)}\n{ProgramGenerator.ToCode(shortest)}");
            }
        }
    }

    [Fact]
    public void A_failing_program_is_shrunk_to_the_steps_that_matter_and_printed_as_code()
    {
        List<Step> program =
            [new Put(1, 1), new TakeFirst(), new Put(2, 2), new Breathe(), new Remove(2), new TakeLast()];
        Step[] matter = [new Put(2, 2), new Remove(2)];

        var shortest = ProgramGenerator.Shrink(program, shorter => !matter.Except(shorter).Any());

        Assert.Equal("ProgramRun.Of([\n    new Put(2, 2),\n    new Remove(2),\n]);", ProgramGenerator.ToCode(shortest));
    }

    private static string? FailureOf(List<Step> program)
    {
        try
        {
            ProgramRun.Of(program);
            return null;
        }
        catch (Exception failure)
        {
            return failure.Message;
        }
    }
}
