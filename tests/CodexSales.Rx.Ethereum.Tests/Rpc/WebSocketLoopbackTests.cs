using System.Net.WebSockets;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Rpc;

/// <summary>The WebSocket transport over real sockets.</summary>
public sealed class WebSocketLoopbackTests : IDisposable
{
    private static readonly RpcOptions _impatient = new()
    {
        Timeout = TimeSpan.FromSeconds(0.5),
        Silence = TimeSpan.FromSeconds(0.2),
        LongestBackOff = TimeSpan.FromSeconds(0.1),
        MaxReplyBytes = 4_096,
    };

    private readonly LoopbackNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Many_questions_at_once_all_get_their_own_answers()
    {
        _node.OnSocket = async socket =>
        {
            while (await LoopbackNode.ReceiveAsync(socket) is { } message)
            {
                var id = SocketBench.IdOf(message);
                await LoopbackNode.SayAsync(socket, $"{{\"id\":{id},", isLast: false);
                await LoopbackNode.SayAsync(socket, $"\"result\":{message.Length}}}");
            }
        };
        using var transport = _node.WebSocket();

        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(number =>
            transport.AskAsync(SocketBench.Question(new string('m', 1 + (number % 100))), default)));

        var lengths = replies.Select(SocketBench.Text).Select(text => int.Parse(text, provider: null)).ToList();
        Assert.All(lengths.Chunk(100), chunk => Assert.InRange(chunk[99] - chunk[0], 99, 101));
        Assert.StartsWith("Basic ", Assert.Single(_node.Authorizations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_half_open_connection_is_noticed_and_replaced()
    {
        var sockets = 0;
        _node.OnSocket = socket => ++sockets == 1 ? Task.CompletedTask : LoopbackNode.AnswerAsync(socket, "1");
        using var transport = _node.WebSocket(_impatient);

        await transport.States.FirstAsync(state => state.Connections == 2).ToTask();

        Assert.Equal("1", SocketBench.Text(await transport.AskAsync(LoopbackNode.Question, default)));
    }

    [Fact]
    public async Task A_message_that_is_too_large_ends_the_connection_and_not_the_process()
    {
        var sockets = 0;
        _node.OnSocket = socket => LoopbackNode.AnswerAsync(
            socket, ++sockets == 1 ? $"\"{new string('x', 5_000)}\"" : "1");
        using var transport = _node.WebSocket(_impatient);

        var state = await transport.States.FirstAsync(state => state is { Connections: 1, Problem: not null }).ToTask();

        Assert.Equal("The connection broke: A message of the node is larger than 4096 bytes.", state.Problem);
    }

    [Fact]
    public async Task A_polite_close_and_a_rude_one_are_both_followed_by_a_new_connection()
    {
        var sockets = 0;
        _node.OnSocket = async socket =>
        {
            if (++sockets == 1)
            {
                await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "bye", default);
            }
            else if (sockets == 2)
            {
                socket.Abort();
            }
            else
            {
                await LoopbackNode.AnswerAsync(socket, "1");
            }
        };
        using var transport = _node.WebSocket(_impatient);

        await transport.States.FirstAsync(state => state.Connections == 3).ToTask();

        Assert.Equal("1", SocketBench.Text(await transport.AskAsync(LoopbackNode.Question, default)));
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_named_without_its_key()
    {
        Assert.True(RpcEndpoint.TryParse($"ws://127.0.0.1:1/{LoopbackNode.Secret}", out var nowhere, out _));
        using var transport = new WebSocketRpcTransport(nowhere, null, _node.Scheduler);

        var state = await transport.States
            .FirstAsync(state => state.Problem!.Contains("127.0.0.1", StringComparison.Ordinal)).ToTask();

        Assert.StartsWith("There is no connection to ws://127.0.0.1:1/…: ", state.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(LoopbackNode.Secret, state.ToString(), StringComparison.Ordinal);
    }
}
