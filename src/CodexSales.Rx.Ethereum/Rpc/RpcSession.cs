namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Questions and answers over one connection. Every question is noted before it is sent, so that no answer
/// comes too early, and gets a reply, if only that the connection ended.</summary>
/// <remarks>Threading: any thread; everything is told on the scheduler.</remarks>
internal sealed class RpcSession(
    IWire wire,
    RpcEndpoint endpoint,
    RpcOptions options,
    IScheduler scheduler,
    Action notified,
    Action<string> complained)
    : IDisposable
{
    private static readonly RpcRequest _signOfLife = new("eth_blockNumber", "[]"u8.ToArray());

    private readonly Lock _lock = new();
    private readonly Dictionary<long, RpcExchange> _open = [];
    private readonly Queue<RpcExchange> _outgoing = [];
    private readonly CancellationTokenSource _life = new();
    private readonly SerialDisposable _silence = new();
    private DateTimeOffset _heardAt = scheduler.Now;
    private long _lastId;
    private bool _isSending;
    private string? _endedBecause;

    public async Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellationToken)
    {
        var exchange = Note(requests);
        using var registration = cancellationToken.Register(() => Cancel(exchange, cancellationToken));
        _ = SendAsync();
        return await exchange.Whole.ConfigureAwait(false);
    }

    /// <summary>Takes the node's messages until the connection ends, and says why it did.</summary>
    public async Task<string> RunAsync()
    {
        var ended = _life.Token;
        WatchSilence();
        string reason;
        try
        {
            while (await wire.ReceiveAsync(ended).ConfigureAwait(false) is { } frame)
            {
                _heardAt = scheduler.Now;
                foreach (var message in RpcMessageReader.Read(frame, endpoint))
                {
                    Take(message);
                }
            }

            reason = "The node closed the connection.";
        }
        catch (IOException broken)
        {
            reason = $"The connection broke: {endpoint.Scrub(broken.Message)}";
        }
        catch (OperationCanceledException)
        {
            reason = "The connection was given up.";
        }

        End(reason);
        return _endedBecause!;
    }

    /// <summary>Ends the connection and the wait for answers. Does nothing after the end.</summary>
    public void End(string reason)
    {
        List<RpcExchange> left;
        lock (_lock)
        {
            if (_endedBecause is not null)
            {
                return;
            }

            _endedBecause = reason;
            left = [.. _open.Values.Distinct()];
            _open.Clear();
            _outgoing.Clear();
        }

        _life.Cancel();
        wire.Dispose();
        GiveUp(left, reason);
    }

    public void Dispose()
    {
        End("The connection was given up.");
        _silence.Dispose();
        _life.Dispose();
    }

    private RpcExchange Note(IReadOnlyList<RpcRequest> requests)
    {
        RpcExchange exchange;
        lock (_lock)
        {
            var firstId = _lastId + 1;
            _lastId += requests.Count;
            exchange = new RpcExchange(firstId, RpcMessageWriter.Write(requests, firstId), requests.Count);
            if (_endedBecause is null)
            {
                for (var id = firstId; id <= _lastId; id++)
                {
                    _open.Add(id, exchange);
                }

                _outgoing.Enqueue(exchange);
                exchange.Deadline = scheduler.Schedule(options.Timeout, () => Expire(exchange));
                return exchange;
            }
        }

        GiveUp([exchange], _endedBecause);
        return exchange;
    }

    private async Task SendAsync()
    {
        while (TakeOutgoing() is { } exchange)
        {
            try
            {
                await wire.SendAsync(exchange.Message, CancellationToken.None).ConfigureAwait(false);
            }
            catch (IOException failed)
            {
                End($"The connection broke: {endpoint.Scrub(failed.Message)}");
            }

            lock (_lock)
            {
                _isSending = false;
            }
        }
    }

    private RpcExchange? TakeOutgoing()
    {
        lock (_lock)
        {
            while (!_isSending && _outgoing.TryDequeue(out var next))
            {
                // A message that nobody waits for any more is not sent.
                if (_open.ContainsKey(next.FirstId) || _open.ContainsKey(next.FirstId + next.Questions - 1))
                {
                    _isSending = next.IsSent = true;
                    return next;
                }
            }

            return null;
        }
    }

    private void Take(RpcMessage message)
    {
        switch (message)
        {
            case RpcAnswer answer:
                TakeAnswer(answer);
                break;
            case RpcNotification:
                scheduler.Schedule(notified);
                break;
            case RpcStrayError stray:
                TakeStrayError(stray.Error);
                break;
            case RpcGarbage garbage:
                scheduler.Schedule(() => complained(garbage.Problem));
                break;
        }
    }

    private void TakeAnswer(RpcAnswer answer)
    {
        lock (_lock)
        {
            // An answer to no question came after its deadline.
            if (!_open.Remove(answer.Id, out var exchange))
            {
                return;
            }

            var isWhole = exchange.Take(answer.Id, answer.Reply);
            if (exchange.Questions > 1 && BatchRefusal.IsSaid(answer.Reply))
            {
                // The other questions get no answer any more.
                Forget(exchange);
                exchange.GiveUp("The node refused the whole message.");
                isWhole = true;
            }

            if (isWhole)
            {
                Finish(exchange);
            }
        }
    }

    // It may answer any of the open questions, and none gets it as its own: it could make a transaction that was sent
    // look refused. Only a complaint about too many questions answers the one message that had several.
    private void TakeStrayError(RpcError error)
    {
        List<RpcExchange> doubtful;
        lock (_lock)
        {
            doubtful = [.. _open.Values.Distinct().Where(exchange => exchange.IsSent)];
            if (BatchRefusal.IsSaid(error) && doubtful.FindAll(exchange => exchange.Questions > 1) is [var refused])
            {
                Forget(refused);
                refused.TakeRest(error);
                Finish(refused);
                return;
            }

            doubtful.ForEach(Forget);
        }

        var detail = $"The node said, without saying to which question: {error.Message}";
        GiveUp(doubtful, detail);
        scheduler.Schedule(() => complained(detail));
    }

    private void Expire(RpcExchange exchange)
    {
        lock (_lock)
        {
            Forget(exchange);
        }

        GiveUp([exchange], $"There was no answer within {options.Timeout.TotalSeconds:0.###} s.");
    }

    private void Cancel(RpcExchange exchange, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Forget(exchange);
            exchange.Deadline?.Dispose();
        }

        exchange.Cancel(cancellationToken);
    }

    private void Forget(RpcExchange exchange)
    {
        for (var i = 0; i < exchange.Questions; i++)
        {
            _open.Remove(exchange.FirstId + i);
        }
    }

    private void GiveUp(List<RpcExchange> exchanges, string detail)
    {
        lock (_lock)
        {
            foreach (var exchange in exchanges)
            {
                exchange.GiveUp(detail);
                Finish(exchange);
            }
        }
    }

    // On the scheduler, so that whoever asked can't hold up the reading of the next message.
    private void Finish(RpcExchange exchange)
    {
        exchange.Deadline?.Dispose();
        scheduler.Schedule(exchange.Complete);
    }

    private void WatchSilence() => _silence.Disposable = scheduler.Schedule(options.Silence, async void () =>
    {
        if (scheduler.Now - _heardAt >= options.Silence)
        {
            var heardBefore = _heardAt;
            await AskAsync([_signOfLife], CancellationToken.None).ConfigureAwait(false);
            if (_heardAt == heardBefore)
            {
                End("The node says nothing any more.");
            }
        }

        WatchSilence();
    });
}
