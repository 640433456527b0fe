namespace CodexSales.Node.Replay;

/// <summary>The lines of a UTF-8 file one by one, in memory that depends on the longest line and not on the file.</summary>
internal sealed class TextLines : IDisposable
{
    private const int FirstBufferBytes = 64 * 1024;
    private const int LineLimitBytes = 16 * 1024 * 1024;

    private readonly string _content;
    private readonly FileStream _file;
    private byte[] _buffer = new byte[FirstBufferBytes];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <param name="path">The file, which is opened at once.</param>
    /// <param name="content">The noun for what is expected on each line: "a block object".</param>
    public TextLines(string path, string content)
    {
        (Path, _content) = (path, content);
        _file = Guard(() => new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan));
    }

    public string Path { get; }

    public long LineNumber { get; private set; }

    /// <summary>The current line without its end. Good until the next one is read.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Goes to the next line that is not blank; false when there is none.</summary>
    public bool MoveNext()
    {
        while (MoveToNextLine())
        {
            if (Line.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An error at the current line.</summary>
    public ReplayInputException Error(string sentence) => new(Path, sentence, LineNumber);

    public void Dispose() => _file.Dispose();

    private bool MoveToNextLine()
    {
        LineNumber++;
        var searched = 0;
        while (true)
        {
            var length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                Take(searched + length, next: _start + searched + length + 1);
                return true;
            }

            searched = _end - _start;
            if (_isAtEnd)
            {
                Take(searched, next: _end);
                return searched > 0;
            }

            ReadMore();
        }
    }

    private void Take(int length, int next)
    {
        var line = _buffer.AsMemory(_start, length);
        Line = LineNumber == 1 && line.Span.StartsWith("\uFEFF"u8) ? line[3..] : line;
        _start = next;
    }

    private void ReadMore()
    {
        var unread = _buffer.AsSpan(_start, _end - _start);
        if (unread.Length >= LineLimitBytes)
        {
            throw Error($"{_content} in fewer than {LineLimitBytes} bytes is expected, but the line is longer.");
        }

        var buffer = unread.Length < _buffer.Length ? _buffer : new byte[2 * _buffer.Length];
        unread.CopyTo(buffer);
        (_buffer, _start, _end) = (buffer, 0, unread.Length);
        var read = Guard(() => _file.Read(_buffer, _end, _buffer.Length - _end));
        _end += read;
        _isAtEnd = read == 0;
    }

    private T Guard<T>(Func<T> access)
    {
        try
        {
            return access();
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unreadable("it does not exist");
        }
        catch (UnauthorizedAccessException)
        {
            throw Unreadable(Directory.Exists(Path) ? "it is a directory" : "access to it is denied");
        }
        catch (IOException fault)
        {
            throw Unreadable($"it cannot be read ({fault.Message.TrimEnd('.')})");
        }

        ReplayInputException Unreadable(string why) =>
            new(Path, $"a file with {_content} on each line is expected, but {why}.");
    }
}
