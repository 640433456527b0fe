using CodexSales.Node.Tests.Replay;

namespace CodexSales.Node.Tests.Marbles;

/// <summary>The command for specifications, on a folder of a test's own.</summary>
public sealed class MarblesCommandTests : IDisposable
{
    private const string Good = """
        marble 1
        title    A request is queued
        tick     1s
        options  workers=0

        symbols
          v = availability v1 size=8GiB price=1
          a = request r1 size=1GiB price=2
          A = +r1/0

        lanes
          time      : 0----5
          in  input : va----
          out queue : -A----

        """;

    private const string Bad = "  out queue : --A---";

    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_specification_that_holds_and_is_drawn_is_passed()
    {
        _files.WriteText("good.marble", Good);

        var drawn = await CommandRun.OfAsync("marbles", "draw", _files.Root);
        var run = await CommandRun.OfAsync("marbles", "check", _files.Root);

        Assert.Equal(new CommandRun(0, "good.marble: drawn\n1 of 1 specifications are in order\n", ""), drawn);
        Assert.Equal(new CommandRun(0, "1 of 1 specifications are in order\n", ""), run);
        Assert.StartsWith("<svg", await ReadAsync("good.svg"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_is_stale_or_missing_fails_the_check()
    {
        var run = await CommandRun.OfAsync("marbles", "check", _files.WriteText("good.marble", Good));

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            "good.marble: the picture is not of this specification: draw it\n0 of 1 specifications are in order\n",
            run.Output);
    }

    [Fact]
    public async Task A_specification_that_does_not_hold_is_shown_and_not_drawn()
    {
        var path = _files.WriteText("bad.marble", Good.Replace("  out queue : -A----", Bad, StringComparison.Ordinal));

        foreach (var action in new[] { "check", "draw" })
        {
            var run = await CommandRun.OfAsync("marbles", action, path);

            Assert.Equal(1, run.ExitCode);
            Assert.Equal(
                """
                bad.marble: out queue column 1: wanted «» got «+r1/0»
                  wanted out queue : --A---
                  actual out queue : -A----
                0 of 1 specifications are in order

                """,
                run.Output);
            Assert.False(File.Exists(_files.PathOf("bad.svg")));
        }
    }

    [Fact]
    public async Task What_came_out_is_accepted_and_drawn()
    {
        var path = _files.WriteText("bad.marble", Good.Replace("  out queue : -A----", Bad, StringComparison.Ordinal));

        var run = await CommandRun.OfAsync("marbles", "accept", path);

        Assert.Equal(
            new CommandRun(0, "bad.marble: rewritten\nbad.marble: drawn\n1 of 1 specifications are in order\n", ""), run);
        Assert.Equal(Good, await ReadAsync("bad.marble"));
        Assert.True(File.Exists(_files.PathOf("bad.svg")));
    }

    [Fact]
    public async Task A_specification_that_can_not_be_read_is_bad_input()
    {
        var path = _files.WriteText("good.marble", Good.Replace("tick     1s", "tick     1", StringComparison.Ordinal));

        var run = await CommandRun.OfAsync("marbles", "check", path);

        Assert.Equal(
            new CommandRun(
                2,
                "",
                "good.marble(3,10): '1' is no duration: a whole number above 0 and ms, s, m, h or d is expected.\n"),
            run);
    }

    private Task<string> ReadAsync(string file) =>
        File.ReadAllTextAsync(_files.PathOf(file), TestContext.Current.CancellationToken);
}
