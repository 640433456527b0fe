using System.Net.WebSockets;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;
using System.Text.Json;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Tests.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>
/// The whole way over real sockets and threads: a node that hangs up now and then while its chain grows.
/// </summary>
public sealed class RealTimeIntakeTests
{
    private const int Blocks = 200;

    [Fact]
    public async Task Every_event_is_told_over_connections_that_come_and_go()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100, perBlock: 3);
        using var node = new LoopbackNode();
        var answers = 0;
        node.OnSocket = async socket =>
        {
            while (await LoopbackNode.ReceiveAsync(socket) is { } message)
            {
                string answer;
                lock (bench)
                {
                    // It grows as it is asked, forgets a branch now and then, and hangs up.
                    answer = Answer(bench.Node, message);
                    answers++;
                    bench.Node.Drop(answers % 10 == 0 && answers < Blocks ? 2 : 0);
                    bench.MineWithEvents(answers >= Blocks ? 0 : answers % 10 == 0 ? 3 : 1);
                }

                if (answers % 25 == 0 && answers < Blocks)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "bye", default);
                    return;
                }

                await LoopbackNode.SayAsync(socket, answer);
                await LoopbackNode.SayAsync(
                    socket, """{"method":"eth_subscription","params":{"subscription":"0x1","result":{}}}""");
            }
        };
        using var transport = node.WebSocket(new RpcOptions { LongestBackOff = TimeSpan.FromSeconds(0.01) });
        var options = new MarketIntakeOptions
        {
            PollInterval = TimeSpan.FromSeconds(0.02), LongestBackOff = TimeSpan.FromSeconds(0.02),
        };
        var intake = new MarketIntake(transport, Recording.Marketplace, options, null, node.Scheduler);
        using var run = intake.Events.Subscribe(bench.Take);

        await intake.Health
            .FirstAsync(health => health is { Lag: 0, Problem: null } && IsAtTheEnd(bench, health, answers))
            .Timeout(TimeSpan.FromMinutes(1), node.Scheduler)
            .ToTask();

        bench.AssertComplete();
        Assert.True(transport.State.Reconnects > 3);
    }

    private static bool IsAtTheEnd(IntakeBench bench, IntakeHealth health, int answers)
    {
        lock (bench)
        {
            return answers > Blocks && health.Told == bench.Node.Head.Stamp;
        }
    }

    private static string Answer(FakeNode node, string message)
    {
        using var json = JsonDocument.Parse(message);
        if (json.RootElement.ValueKind == JsonValueKind.Array)
        {
            return $"[{string.Join(',', json.RootElement.EnumerateArray().Select(one => AnswerOne(node, one)))}]";
        }

        return AnswerOne(node, json.RootElement);
    }

    private static string AnswerOne(FakeNode node, JsonElement question)
    {
        var request = new RpcRequest(
            question.GetProperty("method").GetString()!,
            Encoding.UTF8.GetBytes(question.GetProperty("params").GetRawText()));
        var answer = node.Answer(request) switch
        {
            RpcResult result => $"\"result\":{Encoding.UTF8.GetString(result.Json.Span)}",
            RpcError error => $"\"error\":{{\"code\":{error.Code},\"message\":\"{error.Message}\"}}",
            _ => "",
        };
        return $"{{\"id\":{question.GetProperty("id")},{answer}}}";
    }
}
