namespace CodexSales.Rx.Simulation.Mutations;

/// <summary>One bug, to be made on purpose: a piece of text of a source file, and what stands there instead.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="File">The file, from the top of the repository.</param>
/// <param name="Original">What stands there: exactly once.</param>
/// <param name="Broken">What stands there instead.</param>
internal sealed record Mutation(string Name, string File, string Original, string Broken)
{
    private const string Divider = "\n=====\n";

    /// <summary>All mutations there are, by name.</summary>
    public static IReadOnlyList<Mutation> ReadAll(string root) =>
    [
        .. Directory.GetFiles(Path.Combine(root, "tests/CodexSales.Rx.Simulation/Mutations"), "*.mutation")
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    /// <summary>
    /// Reads a mutation: the file's path in the first line, then the original, a line of five equals signs, and the
    /// broken text. The name is that of the file it is read from.
    /// </summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static Mutation Read(string path)
    {
        var text = System.IO.File.ReadAllText(path)[..^1];
        var firstLine = text.IndexOf('\n', StringComparison.Ordinal);
        var divider = text.IndexOf(Divider, StringComparison.Ordinal);
        return firstLine < 0 || divider < firstLine
            ? throw new FormatException($"{path} is no mutation: a path, the original, =====, the broken text.")
            : new Mutation(
                Path.GetFileNameWithoutExtension(path),
                text[..firstLine],
                text[(firstLine + 1)..divider],
                text[(divider + Divider.Length)..]);
    }

    /// <summary>Makes it in a copy of the sources, and gives back what stood in the file.</summary>
    /// <exception cref="InvalidOperationException">The original does not stand there exactly once.</exception>
    public string ApplyIn(string root)
    {
        var path = Path.Combine(root, File);
        var source = System.IO.File.ReadAllText(path);
        var place = source.IndexOf(Original, StringComparison.Ordinal);
        if (place < 0 || source.IndexOf(Original, place + 1, StringComparison.Ordinal) >= 0)
        {
            throw new InvalidOperationException($"The original of '{Name}' does not stand in {File} exactly once.");
        }

        System.IO.File.WriteAllText(path, source[..place] + Broken + source[(place + Original.Length)..]);
        return source;
    }
}
