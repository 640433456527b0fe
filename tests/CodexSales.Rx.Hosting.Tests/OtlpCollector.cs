using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>Takes metrics and traces as a collector does, over HTTP on a free port, and keeps what names are in them.</summary>
internal sealed class OtlpCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, string Text)> _received = [];
    private readonly SemaphoreSlim _heard = new(0);

    public OtlpCollector()
    {
        Address = $"http://127.0.0.1:{FreePort()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = ReceiveAsync();
    }

    public string Address { get; }

    /// <summary>Waits until all of some names were in what came to a path. Protobuf keeps names as they are.</summary>
    public async Task WaitForAsync(string path, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        while (!names.All(name => _received.Any(each => each.Path == path && each.Text.Contains(name, StringComparison.Ordinal))))
        {
            await _heard.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        _listener.Close();
        _heard.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _received.Enqueue((context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray())));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
                _heard.Release();
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
