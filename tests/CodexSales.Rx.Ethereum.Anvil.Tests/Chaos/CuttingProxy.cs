using System.Net;
using System.Net.Sockets;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Chaos;

/// <summary>Stands between a host and a node, and cuts or freezes the connections that go through it.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _nodePort;
    private readonly Lock _gate = new();
    private readonly List<Connection> _connections = [];

    public CuttingProxy(Uri node)
    {
        _nodePort = node.Port;
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri WebSocketUrl => new($"ws://{_listener.LocalEndpoint}");

    /// <summary>Ends every connection rudely, in the midst of whatever it carries. How many there were.</summary>
    public int Cut()
    {
        var connections = TakeAll();
        connections.ForEach(connection => connection.Dispose());
        return connections.Count;
    }

    /// <summary>Lets nothing more through any connection, and tells neither end. How many there were.</summary>
    public int Freeze()
    {
        var connections = TakeAll();
        connections.ForEach(connection => connection.Freeze());
        return connections.Count;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private List<Connection> TakeAll()
    {
        lock (_gate)
        {
            List<Connection> all = [.. _connections.Where(connection => connection.IsOpen)];
            _connections.Clear();
            return all;
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var host = await _listener.AcceptSocketAsync();
                var node = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await node.ConnectAsync(IPAddress.Loopback, _nodePort);
                lock (_gate)
                {
                    _connections.Add(new Connection(host, node));
                }
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The listener was disposed of, or the node is gone.
        }
    }

    private sealed class Connection : IDisposable
    {
        private readonly NetworkStream _host;
        private readonly NetworkStream _node;
        private volatile bool _isFrozen;

        public Connection(Socket host, Socket node)
        {
            // With nothing to linger for, the other side gets a reset and no orderly end.
            (host.LingerState, node.LingerState) = (new LingerOption(true, 0), new LingerOption(true, 0));
            (_host, _node) = (new NetworkStream(host, ownsSocket: true), new NetworkStream(node, ownsSocket: true));
            _ = PumpAsync(_host, _node);
            _ = PumpAsync(_node, _host);
        }

        public bool IsOpen { get; private set; } = true;

        public void Freeze() => _isFrozen = true;

        public void Dispose()
        {
            IsOpen = false;
            _host.Dispose();
            _node.Dispose();
        }

        private async Task PumpAsync(NetworkStream from, NetworkStream to)
        {
            var buffer = new byte[16 * 1024];
            try
            {
                while (await from.ReadAsync(buffer) is > 0 and var count)
                {
                    if (!_isFrozen)
                    {
                        await to.WriteAsync(buffer.AsMemory(0, count));
                    }
                }
            }
            catch (Exception cut) when (cut is IOException or ObjectDisposedException)
            {
                // One end is gone, so the other one goes as well.
            }

            Dispose();
        }
    }
}
