using System.Collections.Concurrent;
using System.Text.Json;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>Reads the sample's live list of the queue, as a browser does, and keeps what the list was after each change set.</summary>
/// <param name="stream">What the server sends.</param>
/// <param name="goOn">Until then it reads nothing after the first change set.</param>
internal sealed class LiveListReader(Stream stream, Task goOn) : IDisposable
{
    private readonly List<string> _list = [];
    private readonly ConcurrentDictionary<long, string[]> _lists = [];
    private readonly SemaphoreSlim _heard = new(0);
    private long _version = -1;
    private long _characters;

    /// <summary>How many change sets of the queue came as one, at most.</summary>
    public long LargestStep { get; private set; }

    public long Characters => Volatile.Read(ref _characters);

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        using var lines = new StreamReader(stream);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            const string Data = "data: ";
            if (line.StartsWith(Data, StringComparison.Ordinal))
            {
                Interlocked.Add(ref _characters, line.Length);
                Apply(JsonDocument.Parse(line[Data.Length..]).RootElement);
                _heard.Release();
                await goOn.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>What the list was as of a version; null when that came together with a later one.</summary>
    public async Task<string[]?> AsOfAsync(long version, CancellationToken cancellationToken)
    {
        await WaitAsync(() => Volatile.Read(ref _version) >= version, cancellationToken);
        return _lists.GetValueOrDefault(version);
    }

    public async Task WaitAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (!condition())
        {
            await _heard.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        _heard.Dispose();
        stream.Dispose();
    }

    private void Apply(JsonElement set)
    {
        foreach (var change in set.GetProperty("changes").EnumerateArray())
        {
            if (change.GetProperty("positionBefore").GetInt32() is >= 0 and var before)
            {
                _list.RemoveAt(before);
            }

            if (change.GetProperty("positionAfter").GetInt32() is >= 0 and var after)
            {
                _list.Insert(after, change.GetProperty("row").GetProperty("slot").GetString()!);
            }
        }

        var version = set.GetProperty("version").GetInt64();
        _lists[version] = [.. _list];
        LargestStep = _version < 0 ? 0 : Math.Max(LargestStep, version - _version);
        Volatile.Write(ref _version, version);
    }
}
