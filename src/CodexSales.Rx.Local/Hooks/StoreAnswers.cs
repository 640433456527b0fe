namespace CodexSales.Rx.Local.Hooks;

/// <summary>A store hook's answers as progress: never back, never beyond the slot's size.</summary>
internal sealed class StoreAnswers(SlotDownload download, IObserver<ulong> progress)
{
    private readonly ulong _size = download.Request.Ask.SlotSizeBytes;
    private ulong _written;

    /// <exception cref="FormatException">That can't be right.</exception>
    public bool IsLast(HookAnswer answer)
    {
        var written = answer switch
        {
            HookAnswer.Written { Bytes: var bytes } when bytes > _size =>
                throw new FormatException($"the slot has only {_size} bytes"),
            HookAnswer.Written { Bytes: var bytes } when bytes < _written =>
                throw new FormatException($"{_written} bytes were written already"),
            HookAnswer.Written { Bytes: var bytes } => bytes,
            HookAnswer.Done => _size,
            _ => throw new FormatException(
                "{\"written\":\"…\"}, {\"done\":true} or {\"error\":\"…\"} is expected"),
        };
        progress.OnNext(_written = written);
        return answer is HookAnswer.Done;
    }
}
