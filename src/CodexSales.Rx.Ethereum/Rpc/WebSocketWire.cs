using System.Net.WebSockets;

namespace CodexSales.Rx.Ethereum.Rpc;

internal sealed class WebSocketWire : IWire
{
    private const int PieceBytes = 16 * 1024;

    private readonly ClientWebSocket _socket;
    private readonly int _maxMessageBytes;

    private WebSocketWire(ClientWebSocket socket, int maxMessageBytes) =>
        (_socket, _maxMessageBytes) = (socket, maxMessageBytes);

    /// <exception cref="IOException">The node can't be reached, or does not take the connection.</exception>
    public static async Task<IWire> ConnectAsync(
        RpcEndpoint endpoint, RpcOptions options, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = options.Silence;
        socket.Options.KeepAliveTimeout = options.Timeout;
        if (endpoint.Authorization is { } authorization)
        {
            socket.Options.SetRequestHeader("Authorization", authorization);
        }

        try
        {
            await socket.ConnectAsync(endpoint.Uri, cancellationToken).ConfigureAwait(false);
            return new WebSocketWire(socket, options.MaxReplyBytes);
        }
        catch (Exception failed)
        {
            socket.Dispose();
            throw failed is WebSocketException or HttpRequestException ? Broken(failed) : failed;
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception failed) when (IsOfTheConnection(failed) || failed is OperationCanceledException)
        {
            throw Broken(failed);
        }
    }

    public async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(PieceBytes);
        try
        {
            while (true)
            {
                var piece = await _socket.ReceiveAsync(message.GetMemory(PieceBytes), cancellationToken)
                    .ConfigureAwait(false);
                if (piece.MessageType == WebSocketMessageType.Close)
                {
                    return null;
                }

                message.Advance(piece.Count);
                if (message.WrittenCount > _maxMessageBytes)
                {
                    throw new IOException($"A message of the node is larger than {_maxMessageBytes} bytes.");
                }

                if (piece.EndOfMessage)
                {
                    return message.WrittenMemory;
                }
            }
        }
        catch (Exception failed) when (IsOfTheConnection(failed))
        {
            throw Broken(failed);
        }
    }

    // A close handshake would wait for a peer that may be dead.
    public void Dispose()
    {
        _socket.Abort();
        _socket.Dispose();
    }

    private static bool IsOfTheConnection(Exception failed) =>
        failed is WebSocketException or InvalidOperationException;

    // The innermost message says most: "Connection refused" rather than "Unable to connect to the remote server".
    private static IOException Broken(Exception failed) => new(failed.GetBaseException().Message, failed);
}
