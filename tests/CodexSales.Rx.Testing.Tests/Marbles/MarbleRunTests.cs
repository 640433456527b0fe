namespace CodexSales.Rx.Testing.Tests.Marbles;

public sealed class MarbleRunTests
{
    [Fact]
    public void A_lane_that_is_one_column_off_is_shown_above_the_one_that_was()
    {
        var run = Run("-A-B----/--", "-A--B---/--");

        Assert.Equal(
            [
                """
                small.marble: out queue column 3: wanted «» got «-r1/1»
                  wanted out queue    : -A--B---/--
                  actual out queue    : -A-B----/--
                """,
            ],
            run.Differences);
    }

    [Fact]
    public void An_event_without_a_sign_is_a_question_mark_followed_by_its_text()
    {
        var run = Run("A = +r1/0..1 ; -r1/0", "A = +r1/0..1");

        Assert.Equal(
            [
                """
                small.marble: out queue column 1: wanted «+r1/0..1» got «+r1/0..1 ; -r1/0»
                  wanted out queue    : -A-B----/--
                  actual out queue    : -?-B----/--
                  ? in column 1: +r1/0..1 ; -r1/0
                """,
            ],
            run.Differences);
    }

    [Fact]
    public void A_worker_that_is_free_too_late_is_a_difference()
    {
        var run = Run("-^-!----/--", "-^--!---/--");

        Assert.Equal(
            [
                """
                small.marble: run r1/0 column 3: wanted «» got «!»
                  wanted run r1/0     : -^--!---/--
                  actual run r1/0     : -^-!----/--
                """,
            ],
            run.Differences);
    }

    [Fact]
    public void Nothing_may_happen_in_a_break()
    {
        var text = Specifications.Small("0----5--/--", "0-/--5-----");
        var moved = Specifications.Small().Split('\n')
            .Where(line => line.EndsWith("/--", StringComparison.Ordinal))
            .Skip(1)
            .Aggregate(text, (each, line) =>
                each.Replace(line, line[..^11] + Move(line[^11..]), StringComparison.Ordinal));

        var run = MarbleRun.Of("small.marble", moved);

        Assert.Equal(
            """
            small.marble: out cleanups column 2: wanted «» got «r1/0 done ; r1/1 done»
              wanted out cleanups : --/---D-E--
              actual out cleanups : --?--------
              ? in column 2: r1/0 done ; r1/1 done
            """,
            run.Differences[^1]);

        static string Move(string body) => body[..2] + "/" + body[2..8] + body[9..];
    }

    [Fact]
    public void A_sale_without_a_script_is_a_difference()
    {
        var run = Run("r1/* : --F-|", "r1/0 : --F-|");

        Assert.Contains(
            "small.marble: column 3: sale 1 of r1/1 starts, but there is no script for it", run.Differences);
    }

    [Fact]
    public void A_mark_that_the_run_does_not_come_across_is_a_difference()
    {
        var run = Run("source   SalesPipeline", "covers   sale.paid queue.evicted");

        Assert.Equal(
            [
                "small.marble(6,20): the run does not come across queue.evicted, only queue.requested, queue.taken, "
                    + "sale.paid.",
            ],
            run.Differences);
    }

    [Fact]
    public void Accepting_rewrites_what_comes_out_and_leaves_what_goes_in()
    {
        var spoilt = Specifications.Small("-A-B----/--", "----A---/--")
            .Replace("  B = -r1/1\n", "", StringComparison.Ordinal)
            .Replace("-^-!----/--", "--------/--", StringComparison.Ordinal);

        var accepted = MarbleRun.Of("small.marble", spoilt).Accept();

        Assert.Equal(
            Specifications.Small()
                .Replace("  B = -r1/1\n", "", StringComparison.Ordinal)
                .Replace("r1/1 done\n", "r1/1 done\n  B = -r1/1\n", StringComparison.Ordinal),
            accepted);
    }

    [Fact]
    public void Accepting_drops_signs_that_no_lane_uses_any_more()
    {
        var late = Specifications.Small("va------/--", "v-----a-/--");

        var accepted = MarbleRun.Of("small.marble", late).Accept();

        Assert.Contains("out queue    : ------A-/--", accepted, StringComparison.Ordinal);
        Assert.DoesNotContain("r1/1 done", accepted, StringComparison.Ordinal);
    }

    private static MarbleRun Run(string search, string replacement) =>
        MarbleRun.Of("small.marble", Specifications.Small(search, replacement));
}
