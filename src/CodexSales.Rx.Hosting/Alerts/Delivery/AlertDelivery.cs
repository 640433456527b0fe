using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace CodexSales.Rx.Hosting.Alerts.Delivery;

/// <summary>Tells receivers of each alert once when it begins and once when it is over, also over restarts. Lives on its scheduler.</summary>
/// <remarks>A message is written down before it is sent, and forgotten once it was taken: after a crash it is sent once more, with the same key.</remarks>
internal sealed class AlertDelivery : IDisposable
{
    private readonly AlertBook _book;
    private readonly IScheduler _clock;
    private readonly ILogger _logger;
    private readonly string? _path;
    private readonly string _instance;
    private readonly Random _random;
    private readonly List<Outbox> _outboxes;
    private readonly IDisposable _told;
    private TaskCompletionSource? _atRest;
    private Task _saving = Task.CompletedTask;
    private bool _isSaving;
    private bool _isChanged;
    private bool _isUnwritable;
    private bool _isOver;

    /// <param name="book">Where alerts are kept.</param>
    /// <param name="receivers">Who is told.</param>
    /// <param name="capacity">How many messages may wait for each of them.</param>
    /// <param name="path">The file that remembers; null for none.</param>
    /// <param name="clock">Where pauses pass and everything is decided; on the thread of the core.</param>
    /// <param name="logger">Is told of each alert, too.</param>
    public AlertDelivery(
        AlertBook book, IReadOnlyList<IAlertReceiver> receivers, int capacity, string? path, IScheduler clock, ILogger logger)
    {
        (_book, _path, _clock, _logger) = (book, path, clock, logger);
        var stored = Read();
        _instance = stored?.Instance ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _random = new Random((int)(clock.Now.Ticks & int.MaxValue));
        _outboxes = [.. receivers.Select(receiver => Open(receiver, capacity))];
        if (stored is not null)
        {
            book.Restore(stored.Memory);
            foreach (var outbox in _outboxes)
            {
                foreach (var message in stored.Waiting.GetValueOrDefault(outbox.Receiver, []))
                {
                    outbox.Add(message);
                }
            }
        }

        _told = book.Told.Subscribe(Tell);
        _clock.Schedule(Send);
    }

    /// <summary>Waits until all that can be delivered now is, but no longer than patience lasts.</summary>
    public Task FlushAsync(TimeSpan patience)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _clock.Schedule(() =>
        {
            _atRest = done;
            LookAtRest();
        });
        var hurry = _clock.Schedule(patience, () => done.TrySetResult());
        done.Task.ContinueWith(_ => hurry.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return done.Task;
    }

    /// <summary>Tells these receivers from now on: one that was there before by its name is told what waits for it, others what comes.</summary>
    public void Take(IReadOnlyList<IAlertReceiver> receivers, int capacity)
    {
        if (_isOver)
        {
            return;
        }

        foreach (var outbox in _outboxes.Where(outbox => receivers.All(receiver => receiver.Name != outbox.Receiver)).ToList())
        {
            if (outbox.Waiting.Count > 0)
            {
                AlertLog.ReceiverIsGone(_logger, outbox.Receiver, outbox.Waiting.Count);
            }

            _outboxes.Remove(outbox);
            outbox.Dispose();
        }

        foreach (var receiver in receivers)
        {
            if (_outboxes.Find(outbox => outbox.Receiver == receiver.Name) is { } known)
            {
                known.Become(receiver, capacity);
            }
            else
            {
                _outboxes.Add(Open(receiver, capacity));
            }
        }

        Save();
    }

    public void Dispose()
    {
        _isOver = true;
        _told.Dispose();
        _outboxes.ForEach(outbox => outbox.Dispose());
        _saving.GetAwaiter().GetResult(); // The file is the next process's.
    }

    private Outbox Open(IAlertReceiver receiver, int capacity) => new(receiver, capacity, _clock, _random)
    {
        Delivered = _ => Save(),
        Failing = why => TellFailing(receiver.Name, why),
        Lost = message => NoteLost(receiver.Name, message),
        AtRest = LookAtRest,
    };

    private StoredAlerts? Read()
    {
        try
        {
            return _path is null ? null : AlertFile.Read(_path);
        }
        catch (Exception damaged) when (damaged is System.Text.Json.JsonException or IOException or UnauthorizedAccessException)
        {
            AlertLog.FileDamaged(_logger, _path!, damaged.Message);
            return null;
        }
    }

    private void Tell(Alert alert)
    {
        AlertLog.Tell(_logger, alert);
        var message = new AlertMessage($"{_instance}-{alert.Id}-{(alert.Until is null ? "begun" : "over")}", alert);
        _outboxes.ForEach(outbox => outbox.Add(message));
        Save();
    }

    private void Send()
    {
        if (_isOver)
        {
            return;
        }

        _outboxes.ForEach(outbox => outbox.Send());
        LookAtRest();
    }

    // As it is when the writing begins. Later changes are written afterwards.
    private void Save()
    {
        if (_path is null)
        {
            _clock.Schedule(Send);
        }
        else if (_isSaving)
        {
            _isChanged = true;
        }
        else
        {
            (_isSaving, _isChanged) = (true, false);
            var stored = new StoredAlerts(_instance, _book.Remember(), _outboxes.ToDictionary(each => each.Receiver, each => each.Waiting));
            _saving = Task.Run(() => Write(stored));
        }
    }

    private void Write(StoredAlerts stored)
    {
        string? fault = null;
        try
        {
            AlertFile.Write(_path!, stored);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            fault = unwritable.Message;
        }

        _clock.Schedule(() => Saved(fault));
    }

    // A disk that is full is one of the things to tell: what can't be written down is sent all the same.
    private void Saved(string? fault)
    {
        _isSaving = false;
        if (fault is not null && !_isUnwritable)
        {
            AlertLog.FileUnwritable(_logger, _path!, fault);
        }

        _isUnwritable = fault is not null;
        if (_isChanged)
        {
            Save();
        }
        else
        {
            Send();
        }
    }

    private void TellFailing(string receiver, string? why)
    {
        if (why is null)
        {
            AlertLog.ReceiverIsBack(_logger, receiver);
        }
        else
        {
            AlertLog.ReceiverFails(_logger, receiver, why);
        }
    }

    private void NoteLost(string receiver, AlertMessage message)
    {
        AlertLog.Lost(_logger, receiver, message.Alert.Kind, message.Alert.Sentence);
        _clock.Schedule(() =>
        {
            if (!_isOver)
            {
                _book.Note(new Sign(
                    AlertKind.AlertsLost,
                    AlertSeverity.Critical,
                    receiver,
                    $"Alerts to {receiver} are given up, the oldest first, because it takes none: too many wait."));
            }
        });
    }

    private void LookAtRest()
    {
        if (!_isSaving && _outboxes.TrueForAll(outbox => outbox.IsAtRest))
        {
            _atRest?.TrySetResult();
        }
    }
}
