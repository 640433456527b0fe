using System.Net;
using System.Net.Sockets;

namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>Stands between a browser and the app, and counts what comes to the browser, as it is on the wire.</summary>
internal sealed class CountingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private long _bytes;

    public CountingProxy(string server)
    {
        _server = new Uri(server);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>How many bytes have come since they were taken last.</summary>
    public long Take() => Interlocked.Exchange(ref _bytes, 0);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = PassAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // Nobody comes any more.
        }
    }

    private async Task PassAsync(TcpClient browser)
    {
        using var closed = browser;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(_server.Host, _server.Port);
            await Task.WhenAny(browser.GetStream().CopyToAsync(server.GetStream()), CountAsync(server.GetStream(), browser.GetStream()));
        }
        catch (Exception broken) when (broken is IOException or SocketException)
        {
            // One of the two has left.
        }
    }

    private async Task CountAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[1 << 16];
        for (int read; (read = await from.ReadAsync(buffer)) > 0;)
        {
            Interlocked.Add(ref _bytes, read);
            await to.WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
