using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Reactive.Concurrency;
using System.Text;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Rpc;

/// <summary>A server on this machine that answers as a test tells it to, over HTTP or WebSocket.</summary>
internal sealed class LoopbackNode : IDisposable
{
    public const string Secret = "0123456789abcdef";

    private readonly HttpListener _listener = new();
    private readonly int _port = FreePort();

    public LoopbackNode()
    {
        _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public EventLoopScheduler Scheduler { get; } = new();

    /// <summary>Answers a request over HTTP; null never answers.</summary>
    public Func<string, HttpListenerResponse, string?> OnPost { get; set; } = (_, _) => null;

    /// <summary>Goes on with an accepted WebSocket.</summary>
    public Func<WebSocket, Task> OnSocket { get; set; } = _ => Task.CompletedTask;

    public List<string?> Authorizations { get; } = [];

    public string Name => $"127.0.0.1:{_port}";

    public static RpcRequest Question { get; } = new("eth_chainId", "[]"u8.ToArray());

    public RpcEndpoint Endpoint(string scheme)
    {
        Assert.True(RpcEndpoint.TryParse($"{scheme}://me:{Secret}@{Name}/v3/{Secret}", out var endpoint, out _));
        return endpoint;
    }

    public HttpRpcTransport Http(RpcOptions? options = null) => new(Endpoint("http"), options, Scheduler);

    public WebSocketRpcTransport WebSocket(RpcOptions? options = null) => new(Endpoint("ws"), options, Scheduler);

    public void Dispose()
    {
        _listener.Close();
        Scheduler.Dispose();
    }

    /// <summary>Answers every question over a WebSocket with a result.</summary>
    public static async Task AnswerAsync(WebSocket socket, string result)
    {
        while (await ReceiveAsync(socket) is { } message)
        {
            await SayAsync(socket, $"{{\"id\":{SocketBench.IdOf(message)},\"result\":{result}}}");
        }
    }

    public static Task SayAsync(WebSocket socket, string message, bool isLast = true) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, isLast, default);

    public static async Task<string?> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[256 * 1024];
        var count = 0;
        try
        {
            while (true)
            {
                var piece = await socket.ReceiveAsync(buffer.AsMemory(count), default);
                count += piece.Count;
                if (piece.MessageType == WebSocketMessageType.Close || piece.EndOfMessage)
                {
                    return piece.MessageType == WebSocketMessageType.Close
                        ? null
                        : Encoding.UTF8.GetString(buffer, 0, count);
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                _ = HandleAsync(await _listener.GetContextAsync());
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task HandleAsync(HttpListenerContext context)
    {
        Authorizations.Add(context.Request.Headers["Authorization"]);
        if (context.Request.IsWebSocketRequest)
        {
            await OnSocket((await context.AcceptWebSocketAsync(null)).WebSocket);
            return;
        }

        using var reader = new StreamReader(context.Request.InputStream);
        if (OnPost(await reader.ReadToEndAsync(), context.Response) is { } answer)
        {
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
            context.Response.Close();
        }
    }
}
