namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>A connection that carries whole messages both ways. Disposing it ends it at once.</summary>
internal interface IWire : IDisposable
{
    /// <summary>Sends a message. One at a time.</summary>
    /// <exception cref="IOException">It could not be sent, or not wholly.</exception>
    Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>The next message, or null when the other side has closed. One call at a time.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken);
}
