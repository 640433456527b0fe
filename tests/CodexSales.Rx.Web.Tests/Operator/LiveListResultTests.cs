using System.IO.Pipelines;
using System.Net.ServerSentEvents;
using System.Text;
using System.Threading.Channels;
using CodexSales.Rx.Web.Operator;

namespace CodexSales.Rx.Web.Tests.Operator;

/// <summary>What is written while nothing changes.</summary>
public sealed class LiveListResultTests
{
    private readonly HandClock _clock = new();
    private readonly Channel<SseItem<LiveEvent<string>>> _events = Channel.CreateUnbounded<SseItem<LiveEvent<string>>>();
    private readonly Pipe _body = new();

    [Fact]
    public async Task A_comment_follows_each_time_that_nothing_has_come_for_so_long()
    {
        var writing = WriteAsync(new DefaultHttpContext());
        for (var comments = 0; comments < 2; comments++)
        {
            await _clock.PassAsync(LiveListResult<string>.KeepAliveAfter);
            Assert.Equal(": nothing has changed\n\n", await ReadAsync());
        }

        Send(1);
        Assert.Equal("event: changes\ndata: {\"version\":1,\"isSnapshot\":false,\"changes\":[]}\n\n", await ReadAsync());
        await _clock.PassAsync(LiveListResult<string>.KeepAliveAfter);
        Assert.Equal(": nothing has changed\n\n", await ReadAsync());
        _events.Writer.Complete();
        await writing;
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_it_while_nothing_has_come()
    {
        using var left = new CancellationTokenSource();
        var writing = WriteAsync(new DefaultHttpContext { RequestAborted = left.Token });
        await _clock.PassAsync(LiveListResult<string>.KeepAliveAfter);
        await ReadAsync();

        await left.CancelAsync();

        await writing;
    }

    [Fact]
    public async Task A_comment_that_can_not_be_written_ends_it_and_what_was_asked_for_the_next_event()
    {
        var context = new DefaultHttpContext();
        var writing = WriteAsync(context);
        await _body.Reader.CompleteAsync();
        await _body.Writer.CompleteAsync();

        await _clock.PassAsync(LiveListResult<string>.KeepAliveAfter);

        await Assert.ThrowsAsync<InvalidOperationException>(() => writing);
    }

    private Task WriteAsync(DefaultHttpContext context)
    {
        context.Response.Body = _body.Writer.AsStream();
        context.RequestServices = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddSingleton<IHostApplicationLifetime>(new Life())
            .AddOptions().BuildServiceProvider();
        return new LiveListResult<string>(_events.Reader.ReadAllAsync()).ExecuteAsync(context);
    }

    private void Send(long version) =>
        Assert.True(_events.Writer.TryWrite(new SseItem<LiveEvent<string>>(new LiveEvent<string>(version, false, []), "changes")));

    private async Task<string> ReadAsync()
    {
        var read = await _body.Reader.ReadAsync(TestContext.Current.CancellationToken);
        var text = Encoding.UTF8.GetString(read.Buffer);
        _body.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    private sealed class Life : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }

    /// <summary>Passes when it is told to, as far as the next timer that is waited for.</summary>
    private sealed class HandClock : TimeProvider
    {
        private readonly Channel<Timer> _timers = Channel.CreateUnbounded<Timer>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(dueTime, () => callback(state));
            Assert.True(_timers.Writer.TryWrite(timer));
            return timer;
        }

        public async Task PassAsync(TimeSpan span)
        {
            Timer timer;
            do
            {
                timer = await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken);
            }
            while (timer.IsOver);

            Assert.Equal(span, timer.Due);
            timer.Ring();
        }

        private sealed class Timer(TimeSpan due, Action ring) : ITimer
        {
            public TimeSpan Due => due;

            public Action Ring => ring;

            public bool IsOver { get; private set; }

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => IsOver = true;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }
}
