namespace CodexSales.Rx.Local.Hooks;

/// <summary>The standard output of a hook, line by line.</summary>
internal static class HookOutput
{
    private const byte LineFeed = (byte)'\n';

    /// <summary>Hands on each line that is not blank as soon as it is whole. The last one needs no line feed.</summary>
    /// <param name="output">What the hook writes.</param>
    /// <param name="limit">How many bytes a line may have.</param>
    /// <param name="onLine">Told of each line; the memory is good during the call only.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when a line has more bytes than that.</returns>
    public static async Task<bool> ReadAsync(
        Stream output, int limit, Action<ReadOnlyMemory<byte>> onLine, CancellationToken cancellationToken)
    {
        var buffer = new byte[4_096];
        var used = 0;
        while (true)
        {
            if (used == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }

            var read = await output.ReadAsync(buffer.AsMemory(used), cancellationToken).ConfigureAwait(false);

            // A line feed is looked for in what is new only: a long line costs no more than its length.
            if (!TryHandOn(buffer.AsMemory(0, used + read), searched: used, isLast: read == 0, limit, onLine, out var rest))
            {
                return false;
            }

            if (read == 0)
            {
                return true;
            }

            rest.CopyTo(buffer);
            used = rest.Length;
        }
    }

    private static bool TryHandOn(
        Memory<byte> text,
        int searched,
        bool isLast,
        int limit,
        Action<ReadOnlyMemory<byte>> onLine,
        out Memory<byte> rest)
    {
        while (text.Span[searched..].IndexOf(LineFeed) is >= 0 and var end && searched + end <= limit)
        {
            HandOn(text[..(searched + end)], onLine);
            text = text[(searched + end + 1)..];
            searched = 0;
        }

        rest = text;
        var isShort = text.Length <= limit;
        if (isLast && isShort)
        {
            HandOn(text, onLine);
        }

        return isShort;
    }

    private static void HandOn(ReadOnlyMemory<byte> line, Action<ReadOnlyMemory<byte>> onLine)
    {
        if (line.Span.ContainsAnyExcept(" \t\r"u8))
        {
            onLine(line);
        }
    }
}
