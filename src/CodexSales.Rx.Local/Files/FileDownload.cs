namespace CodexSales.Rx.Local.Files;

/// <summary>One download of a slot: from its source into the part file, which becomes the data when whole.</summary>
internal sealed class FileDownload(
    SlotFiles files, ISlotSource source, SlotDownload download, ulong progressBytes, IObserver<ulong> progress)
{
    private const int BufferBytes = 128 << 10;

    // The caller has checked that the quota, which is less than 2^63, has room for it.
    private readonly long _size = (long)download.Request.Ask.SlotSizeBytes;

    private ulong _told;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (files.LengthOfData(download.Slot) is { } stored)
        {
            CheckStored(stored);
            return;
        }

        files.WriteUntil(download.Slot, download.KeepUntil);
        using (var part = new PartFile(files.PartOf(download.Slot), _size))
        {
            Tell(part, part.Length > 0);
            var stream = await OpenAsync(part.Length, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await CopyAsync(stream, part, cancellationToken).ConfigureAwait(false);
            }

            part.Flush();
            cancellationToken.ThrowIfCancellationRequested();
            files.Complete(download.Slot);
            Tell(part, _told < (ulong)_size);
        }
    }

    private void CheckStored(ulong stored)
    {
        if (stored != (ulong)_size)
        {
            throw Mismatch($"{stored} of it are stored: that is other data");
        }

        progress.OnNext(stored);
    }

    private async Task CopyAsync(Stream stream, PartFile part, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        while (true)
        {
            // Of a slot that is whole one byte more, to see whether the source ends where it does.
            var wanted = (int)Math.Min(BufferBytes, Math.Max(1, part.Room));
            var read = await ReadAsync(stream, buffer.AsMemory(0, wanted), part, cancellationToken)
                .ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            if (part.Length == _size)
            {
                throw Mismatch($"the source gives {_size + read} or more");
            }

            Write(part, buffer.AsSpan(0, read));
            Tell(part, (ulong)part.Length - _told >= progressBytes);
        }

        if (part.Length < _size)
        {
            throw Mismatch($"the source ends after {part.Length}");
        }
    }

    private SlotStorageException Mismatch(string what) =>
        new($"Slot {download.Slot.ToShortString()} has {_size} bytes, but {what}.");

    private void Tell(PartFile part, bool isDue)
    {
        if (isDue)
        {
            _told = (ulong)part.Length;
            progress.OnNext(_told);
        }
    }

    private void Write(PartFile part, ReadOnlySpan<byte> bytes)
    {
        try
        {
            part.Append(bytes);
        }
        catch (IOException error)
        {
            throw new SlotStorageException(
                $"Slot {download.Slot.ToShortString()} can't be written beyond {part.Length} of its {_size} bytes: {error.Message}",
                error);
        }
    }

    // A source may ignore its token: whoever gave up the download does not wait for it.
    private async Task<Stream> OpenAsync(long offset, CancellationToken cancellationToken)
    {
        var opening = OfSourceAsync(
            () => source.OpenAsync(download, (ulong)offset, cancellationToken), offset, cancellationToken);
        try
        {
            return await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = CloseLateAsync(opening);
            throw;
        }
    }

    private Task<int> ReadAsync(
        Stream stream, Memory<byte> buffer, PartFile part, CancellationToken cancellationToken) =>
        OfSourceAsync(() => stream.ReadAsync(buffer, cancellationToken).AsTask(), part.Length, cancellationToken)
            .WaitAsync(cancellationToken);

    private async Task<T> OfSourceAsync<T>(Func<Task<T>> work, long offset, CancellationToken cancellationToken)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SlotStorageException(
                $"The source of slot {download.Slot.ToShortString()} failed after {offset} of {_size} bytes: {error.Message}", error);
        }
    }

    private static async Task CloseLateAsync(Task<Stream> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
        {
            await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
    }
}
