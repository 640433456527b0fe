using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Nodes;

/// <summary>Stands between a host and a node, and answers over HTTP as another kind of node does.</summary>
internal sealed class AnsweringProxy : IDisposable
{
    private const ulong BlocksBehind = 2;
    private const int MostInARow = 2;

    private readonly HttpListener _listener = new();
    private readonly JsonRpc _node;
    private readonly BackEnd[] _backEnds;
    private readonly Random _random = new(1);
    private int _backEnd;
    private int _inARow;

    public AnsweringProxy(Uri node, NodeKind kind)
    {
        _node = new JsonRpc(node);
        Url = new Uri($"http://127.0.0.1:{FreePort()}/");
        _backEnds = kind switch
        {
            NodeKind.PendingIsLatest => [new BackEnd(_node, PendingBlock.Latest, 0)],
            NodeKind.PendingIsRefused => [new BackEnd(_node, PendingBlock.Refused, 0)],
            NodeKind.PendingIsBehind => [new BackEnd(_node, PendingBlock.Behind, 0)],
            NodeKind.Behind => [new BackEnd(_node, PendingBlock.Latest, BlocksBehind)],
            NodeKind.Balanced =>
            [
                new BackEnd(_node, PendingBlock.Next, 0),
                new BackEnd(_node, PendingBlock.Latest, BlocksBehind),
            ],
            _ => [new BackEnd(_node, PendingBlock.Next, 0)],
        };
        _listener.Prefixes.Add($"{Url}");
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>
    /// Is done before a transaction that a host signed goes to the node. It is given in hexadecimal digits after "0x".
    /// </summary>
    public Func<string, Task> Sending { get; set; } = _ => Task.CompletedTask;

    public void Dispose()
    {
        _listener.Close();
        _node.Dispose();
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
        try
        {
            using var reader = new StreamReader(context.Request.InputStream);
            var answer = await AnswerAsync(JsonNode.Parse(await reader.ReadToEndAsync())!);
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.ToJsonString()));
            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or HttpRequestException)
        {
            // The host or the node is gone.
            context.Response.Abort();
        }
    }

    private BackEnd Pick()
    {
        lock (_random)
        {
            var next = _random.Next(_backEnds.Length);
            if (next == _backEnd && _inARow == MostInARow)
            {
                next = (next + 1) % _backEnds.Length;
            }

            _inARow = next == _backEnd ? _inARow + 1 : 1;
            _backEnd = next;
            return _backEnds[next];
        }
    }

    private async Task<JsonNode> AnswerAsync(JsonNode message)
    {
        var backEnd = Pick();
        var head = await backEnd.AskHeadAsync();
        return message is JsonArray questions
            ? new JsonArray(await Task.WhenAll(questions.Select(question => AnswerAsync(backEnd, question!, head))))
            : await AnswerAsync(backEnd, message, head);
    }

    private async Task<JsonNode> AnswerAsync(BackEnd backEnd, JsonNode question, ulong head)
    {
        var method = $"{question["method"]}";
        var parameters = question["params"]?.DeepClone().AsArray() ?? [];
        if (method == "eth_sendRawTransaction")
        {
            await Sending($"{parameters[0]}");
        }

        var reply = await backEnd.AskAsync(method, parameters, head);
        reply["id"] = question["id"]?.DeepClone();
        return reply;
    }
}
