using System.Text;

namespace CodexSales.Node.Tests.Run;

/// <summary>What a program tells, line by line, for tests that wait for it.</summary>
internal sealed class ToldLines : TextWriter
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly StringBuilder _line = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _read;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_gate)
        {
            if (value != '\n')
            {
                _line.Append(value);
                return;
            }

            _lines.Add(_line.ToString().TrimEnd('\r'));
            _line.Clear();
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Takes a whole line; null, after the last one, is none.</summary>
    public void Add(string? line)
    {
        lock (_gate)
        {
            Write(line is null ? "" : line + '\n');
        }
    }

    /// <summary>The next line that has a text in it; those before it are passed over.</summary>
    public async Task<string> NextAsync(string text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                for (; _read < _lines.Count; _read++)
                {
                    if (_lines[_read].Contains(text, StringComparison.Ordinal))
                    {
                        return _lines[_read++];
                    }
                }

                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"'{text}' was not told. What was:\n{this}");
            }
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return string.Join('\n', _lines) + '\n' + _line;
        }
    }
}
