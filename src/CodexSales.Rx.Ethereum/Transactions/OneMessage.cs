namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Questions that go out together, each with its answer.</summary>
internal sealed class OneMessage(IRpcTransport transport)
{
    private readonly List<RpcRequest> _questions = [];
    private IReadOnlyList<RpcReply> _replies = [];

    public bool IsEmpty => _questions.Count == 0;

    /// <summary>Adds a question. The result gives its answer, once the message was asked.</summary>
    public Func<RpcReply> Add(RpcRequest question)
    {
        var place = _questions.Count;
        _questions.Add(question);
        return () => _replies[place];
    }

    public async Task AskAsync(CancellationToken cancellationToken)
    {
        if (!IsEmpty)
        {
            _replies = await transport.AskAsync(_questions, cancellationToken).ConfigureAwait(false);
        }
    }
}
