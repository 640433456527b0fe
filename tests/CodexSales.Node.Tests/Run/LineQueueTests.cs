using CodexSales.Node.Run;

namespace CodexSales.Node.Tests.Run;

public sealed class LineQueueTests
{
    [Fact]
    public async Task An_output_that_fails_drops_lines_and_counts_them()
    {
        await using var output = new BrokenOutput { Failures = 3 };
        var lines = new LineQueue(output);
        foreach (var line in new[] { "1", "2", "3", "4" })
        {
            lines.Add(line);
        }

        await lines.DisposeAsync();

        Assert.Equal(3, lines.Dropped);
        Assert.Equal("4\n(3 lines before this one could not be written.)\n", output.ToString());
    }

    [Fact]
    public async Task An_output_that_takes_nothing_holds_up_nobody()
    {
        using var taken = new ManualResetEventSlim();
        await using var output = new BrokenOutput { Taken = taken };
        var lines = new LineQueue(output);

        for (var line = 0; line < 20_000; line++)
        {
            lines.Add("a line");
        }

        Assert.InRange(lines.Dropped, 9_000, 10_000);
        taken.Set();
        await lines.DisposeAsync();
    }

    private sealed class BrokenOutput : StringWriter
    {
        public BrokenOutput() => NewLine = "\n";

        public int Failures { get; set; }

        public ManualResetEventSlim? Taken { get; init; }

        public override void WriteLine(string? value)
        {
            Taken?.Wait();
            if (Failures-- > 0)
            {
                throw new IOException("Broken pipe");
            }

            base.WriteLine(value);
        }
    }
}
