using System.Text;
using CodexSales.Node.Replay;

namespace CodexSales.Node.Tests.Replay;

public sealed class TextLinesTests : IDisposable
{
    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("a\nb\n", "1:a", "2:b")]
    [InlineData("a\nb", "1:a", "2:b")]
    [InlineData("a\r\nb\r\n", "1:a\r", "2:b\r")]
    [InlineData("\n  \n\t\r\na\n\nb\n\n", "4:a", "6:b")]
    [InlineData("\uFEFFa\n\uFEFFb", "1:a", "2:\uFEFFb")]
    [InlineData("\uFEFF")]
    public void Lines_that_are_not_blank_are_read_and_numbered(string text, params string[] expected) =>
        Assert.Equal(expected, Read(_files.WriteText("lines", text)));

    [Fact]
    public void Lines_of_every_length_around_the_size_of_the_buffer_are_whole()
    {
        var lengths = Enumerable.Range(65_530, 12).Concat([1, 200_000, 5, 131_072, 3]).ToList();
        var path = _files.Write("lines", [.. lengths.Select((length, i) => new string((char)('a' + i), length))]);

        Assert.Equal(
            lengths.Select((length, i) => $"{i + 1}:{new string((char)('a' + i), length)}"), Read(path));
    }

    [Fact]
    public void The_memory_does_not_grow_with_the_file()
    {
        var path = _files.Write("lines", [.. Enumerable.Repeat(new string('x', 999), 20_000)]);
        using var lines = new TextLines(path, "a line");
        lines.MoveNext();

        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = 1;
        while (lines.MoveNext())
        {
            count++;
        }

        Assert.Equal(20_000, count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void A_line_without_end_is_refused_before_it_fills_the_memory()
    {
        var path = _files.WriteText("lines", "short\n" + new string('x', 16 * 1024 * 1024));

        var error = Assert.Throws<ReplayInputException>(() => Read(path));

        Assert.Equal(
            $"{path}, line 2: a block object in fewer than 16777216 bytes is expected, but the line is longer.",
            error.Message);
    }

    [Fact]
    public void The_longest_line_that_is_taken_is_whole()
    {
        const int Longest = (16 * 1024 * 1024) - 1;
        using var lines = new TextLines(_files.Write("lines", new string('x', Longest), "y"), "a line");

        Assert.True(lines.MoveNext());

        Assert.Equal(Longest, lines.Line.Length);
        Assert.False(lines.Line.Span.ContainsAnyExcept((byte)'x'));
        Assert.True(lines.MoveNext());
        Assert.Equal("y"u8, lines.Line.Span);
    }

    [Fact]
    public void A_file_that_does_not_exist_is_told_as_such() =>
        AssertUnreadable(_files.PathOf("none"), "it does not exist");

    [Fact]
    public void A_directory_that_does_not_exist_is_told_as_such() =>
        AssertUnreadable(Path.Combine(_files.PathOf("none"), "lines"), "it does not exist");

    [Fact]
    public void A_directory_is_told_as_such() => AssertUnreadable(_files.Root, "it is a directory");

    private static void AssertUnreadable(string path, string why)
    {
        var error = Assert.Throws<ReplayInputException>(() => new TextLines(path, "a block object"));

        Assert.Equal($"{path}: a file with a block object on each line is expected, but {why}.", error.Message);
    }

    private static List<string> Read(string path)
    {
        using var lines = new TextLines(path, "a block object");
        var read = new List<string>();
        while (lines.MoveNext())
        {
            read.Add($"{lines.LineNumber}:{Encoding.UTF8.GetString(lines.Line.Span)}");
        }

        return read;
    }
}
