using System.Threading.Channels;
using CodexSales.Rx.Hosting.Alerts;
using CodexSales.Rx.Hosting.Alerts.Delivery;
using CodexSales.Rx.Local.Tests;

namespace CodexSales.Rx.Hosting.Tests.Alerts;

/// <summary>What waits for a receiver, and a receiver that is changed meanwhile.</summary>
public sealed class OutboxTests : IDisposable
{
    private readonly SharedVirtualTime _time = new();
    private readonly Pager _old = new();
    private readonly Pager _new = new();
    private readonly List<string?> _told = [];
    private readonly Outbox _outbox;
    private int _rested;

    public OutboxTests()
    {
        _outbox = new Outbox(_old, 10, _time, new Random(1)) { Failing = _told.Add, AtRest = () => _rested++ };
        _outbox.Add(new AlertMessage("key", new Alert(1, AlertKind.Test, AlertSeverity.Information, "", "…", _time.Now, null, 1, false)));
    }

    public void Dispose() => _outbox.Dispose();

    [Fact]
    public void A_failure_of_the_receiver_before_does_not_keep_the_new_one_waiting()
    {
        _outbox.Send();
        _outbox.Become(_new, 10);
        Answer(_old, "gone", notBefore: TimeSpan.FromHours(1), rests: false);

        Answer(_new);

        Assert.Empty(_outbox.Waiting);
        Assert.Empty(_told);
    }

    [Fact]
    public void The_new_one_is_told_of_when_it_fails_too_and_pauses_as_one_that_has_just_begun_to()
    {
        _outbox.Send();
        for (var failure = 0; failure < 8; failure++)
        {
            Answer(_old, "old");
            _time.Advance(TimeSpan.FromMinutes(6));
        }

        _outbox.Become(_new, 10);
        Answer(_old, "old", rests: false);
        Answer(_new, "new");
        _time.Advance(TimeSpan.FromSeconds(2));
        Answer(_new);

        Assert.Equal(["old", "new", null], _told);
        Assert.Empty(_outbox.Waiting);
    }

    // What it answers comes over from the pool.
    private void Answer(Pager pager, string? failure = null, TimeSpan? notBefore = null, bool rests = true)
    {
        var (asked, before) = (_time.WaitFor(pager.AskedAsync()), _rested);
        asked.SetResult(failure is null ? null : new NotDeliveredException(failure, notBefore));
        if (rests)
        {
            _time.WaitUntil(() => _rested > before);
        }
    }

    private sealed class Pager : IAlertReceiver
    {
        private readonly Channel<TaskCompletionSource<NotDeliveredException?>> _asked =
            Channel.CreateUnbounded<TaskCompletionSource<NotDeliveredException?>>();

        public string Name => "pager";

        public Task<TaskCompletionSource<NotDeliveredException?>> AskedAsync() => _asked.Reader.ReadAsync().AsTask();

        public async Task SendAsync(AlertMessage message, CancellationToken cancellation)
        {
            var answer = new TaskCompletionSource<NotDeliveredException?>(TaskCreationOptions.RunContinuationsAsynchronously);
            await _asked.Writer.WriteAsync(answer, cancellation);
            if (await answer.Task is { } failure)
            {
                throw failure;
            }
        }
    }
}
