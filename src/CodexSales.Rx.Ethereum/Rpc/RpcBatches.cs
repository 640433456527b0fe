namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Questions in messages of a size that the node takes, which is learnt from refusals. Any thread.</summary>
internal sealed class RpcBatches(int most)
{
    // After so many messages of the largest size a somewhat larger one is tried.
    private const int MessagesUntilMore = 64;

    private readonly Lock _lock = new();
    private readonly int _most = most;
    private int _size = most;
    private int _taken;
    private int _messages;
    private bool _isDoubtful;

    public int Size => Volatile.Read(ref _size);

    /// <summary>Asks all of them, in as many messages as it takes; the replies come in order. Questions that were
    /// refused for the size of their message are asked again; those that the node may have acted on are not.</summary>
    public async Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests, Func<IReadOnlyList<RpcRequest>, Task<IReadOnlyList<RpcReply>>> ask)
    {
        var messages = requests.Chunk(Size).Select(part => AskMessageAsync(part, ask)).ToList();
        List<RpcReply> replies = new(requests.Count);
        foreach (var message in messages)
        {
            replies.AddRange(await message.ConfigureAwait(false));
        }

        return replies;
    }

    /// <summary>Forgets the size for a new connection, unless it may have ended the last one.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _size = _isDoubtful ? _size : _most;
            (_taken, _messages, _isDoubtful) = (0, 0, false);
        }
    }

    private async Task<IReadOnlyList<RpcReply>> AskMessageAsync(
        RpcRequest[] requests, Func<IReadOnlyList<RpcRequest>, Task<IReadOnlyList<RpcReply>>> ask)
    {
        var replies = await ask(requests).ConfigureAwait(false);
        if (BatchRefusal.Find(replies) is [_, ..] refused)
        {
            Shrink(requests.Length, isDoubtful: false);
            var again = await AskAsync([.. refused.Select(i => requests[i])], ask).ConfigureAwait(false);
            RpcReply[] all = [.. replies];
            foreach (var (place, reply) in refused.Zip(again))
            {
                all[place] = reply;
            }

            return all;
        }

        if (requests.Length > 1 && replies.Any(reply => reply is RpcNoAnswer { MayHaveArrived: true }))
        {
            Shrink(requests.Length, isDoubtful: true);
        }
        else
        {
            Take(requests.Length);
        }

        return replies;
    }

    // Halves, or falls back to the largest size that was taken. Messages that are refused together count once.
    private void Shrink(int questions, bool isDoubtful)
    {
        lock (_lock)
        {
            _isDoubtful |= isDoubtful;
            if (_size >= questions)
            {
                _size = Math.Max(questions / 2, _taken < questions ? _taken : 0);
                (_taken, _messages) = (Math.Min(_taken, _size), 0);
            }
        }
    }

    private void Take(int questions)
    {
        lock (_lock)
        {
            (_taken, _isDoubtful) = (Math.Max(_taken, questions), false);
            if (questions >= _size && _size < _most && ++_messages == MessagesUntilMore)
            {
                (_size, _messages) = (Math.Min(_most, _size + Math.Max(1, _size / 4)), 0);
            }
        }
    }
}
