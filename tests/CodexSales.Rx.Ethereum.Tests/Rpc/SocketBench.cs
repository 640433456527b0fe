using System.Text;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Rpc;

/// <summary>A WebSocket transport in virtual time over connections that a test scripts.</summary>
internal sealed class SocketBench : IDisposable
{
    public const string Secret = "0123456789abcdef";

    public SocketBench(RpcOptions? options = null)
    {
        Assert.True(RpcEndpoint.TryParse($"wss://node.example/v3/{Secret}", out var endpoint, out _));
        Connect = _ =>
        {
            Wires.Add(new ScriptedWire { OnSent = message => OnSent(this, message) });
            return Task.FromResult<IWire>(Wire);
        };
        Transport = new WebSocketRpcTransport(
            endpoint, options ?? new RpcOptions(), Time, cancellation =>
            {
                Attempts.Add(Time.Elapsed);
                return Connect(cancellation);
            });
        States = Time.Record(Transport.States);
        Wakes = Time.Record(Transport.Wakes);
    }

    public VirtualTime Time { get; } = new();

    public WebSocketRpcTransport Transport { get; }

    public List<ScriptedWire> Wires { get; } = [];

    public List<TimeSpan> Attempts { get; } = [];

    public RecordingObserver<RpcLinkState> States { get; }

    public RecordingObserver<System.Reactive.Unit> Wakes { get; }

    public ScriptedWire Wire => Wires[^1];

    public Func<CancellationToken, Task<IWire>> Connect { get; set; }

    public Action<SocketBench, string> OnSent { get; set; } = (bench, message) => bench.AcceptSubscription(message);

    public static RpcRequest Question(string method = "eth_chainId") => new(method, "[]"u8.ToArray());

    public static string Text(RpcReply reply) => Encoding.UTF8.GetString(Assert.IsType<RpcResult>(reply).Json.Span);

    /// <summary>The id in a sent message of one question.</summary>
    public static long IdOf(string message)
    {
        using var json = System.Text.Json.JsonDocument.Parse(message);
        return json.RootElement.GetProperty("id").GetInt64();
    }

    /// <summary>Connects, and forgets what was sent until then.</summary>
    public void Open()
    {
        Time.RunDue();
        Wire.Sent.Clear();
    }

    public Task<RpcReply> Ask(string method = "eth_chainId", CancellationToken cancellation = default)
    {
        var reply = Transport.AskAsync(Question(method), cancellation);
        Time.RunDue();
        return reply;
    }

    public void Say(string frame)
    {
        Wire.Say(frame);
        Time.RunDue();
    }

    public void SayHead() => Say("""
        {"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0x1","result":{"number":"0x1"}}}
        """);

    public void Dispose() => Transport.Dispose();

    private void AcceptSubscription(string message)
    {
        if (message.Contains("eth_subscribe", StringComparison.Ordinal))
        {
            Wire.Say($"{{\"id\":{IdOf(message)},\"result\":\"0x1\"}}");
        }
    }
}
