using System.Reactive;
using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Storage of a specification: it works at once, unless the specification says otherwise.</summary>
internal sealed class ScriptedStorage(OpenCalls open) : ISlotStorage, IDisposable
{
    private readonly PortSwitch _switch = new();
    private readonly Subject<ulong> _written = new();

    public ScriptedSales? Scripts { get; set; }

    public Action<string, SlotKey> Called { get; set; } = (_, _) => { };

    public void Set(PortMode mode) => _switch.Set(mode);

    public void Write(ulong bytes) => _written.OnNext(bytes);

    public IObservable<ulong> Store(SlotDownload download)
    {
        var work = Observable.Defer(() =>
        {
            Called("store", download.Slot);
            return (Scripts?.FailsToStore(download.Slot) ?? Observable.Return(Unit.Default))
                .SelectMany(_ => _switch.Answers)
                .Select(mode => mode == PortMode.Works ? download.Request.Ask.SlotSizeBytes : throw Failure("store"));
        });
        return open.Watch(
            $"a download of slot {download.Slot}",
            work.Publish(done => _written.TakeUntil(done.LastOrDefaultAsync()).Merge(done)));
    }

    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellationToken) =>
        DoAsync("keep", slot, cancellationToken);

    public Task ClearAsync(SlotKey slot, CancellationToken cancellationToken) =>
        DoAsync("clear", slot, cancellationToken);

    public void Dispose()
    {
        _switch.Dispose();
        _written.Dispose();
    }

    private async Task DoAsync(string name, SlotKey slot, CancellationToken cancellationToken)
    {
        Called(name, slot);
        var mode = await open.WaitAsync($"storage to {name} slot {slot}", _switch.AnswerAsync(cancellationToken))
            .ConfigureAwait(false);
        if (mode != PortMode.Works)
        {
            throw Failure(name);
        }
    }

    private static IOException Failure(string name) => new($"Storage fails to {name} a slot.");
}
