using System.Net;
using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Nethereum.Rpc;
using Nethereum.JsonRpc.Client;
using Nethereum.JsonRpc.Client.RpcMessages;
using RpcError = CodexSales.Rx.Ethereum.Rpc.RpcError;
using RpcRequest = CodexSales.Rx.Ethereum.Rpc.RpcRequest;
using TheirError = Nethereum.JsonRpc.Client.RpcMessages.RpcError;

namespace CodexSales.Rx.Nethereum.Tests.Rpc;

/// <summary>A client of Nethereum as the link to a node.</summary>
public sealed class NethereumRpcLinkTests
{
    private const string Secret = "0123456789abcdef";

    private static readonly RpcRequest _question = new("eth_blockNumber", "[]"u8.ToArray());

    private static readonly RpcEndpoint _endpoint =
        RpcEndpoint.TryParse($"https://node.example/v3/{Secret}", out var endpoint, out _) ? endpoint : throw new UriFormatException();

    private readonly VirtualTime _time = new();

    [Fact]
    public void Questions_go_out_as_they_are_and_results_come_in_as_they_are()
    {
        var handler = new ScriptedHandler(_ => Json("""{"jsonrpc":"2.0","id":"1","result":{"a":["0x1",true,null,7],"b":"2026"}}"""));
        using var link = Http(handler);

        var reply = Ask(link, new RpcRequest(
            "eth_getLogs", """[{"address":"0x9f","topics":[["0x1","0x2"],null],"n":5},"latest",false]"""u8.ToArray()));

        Assert.Equal("""{"a":["0x1",true,null,7],"b":"2026"}""", Text(reply));
        Assert.Equal(
            """
            {"id":"1","jsonrpc":"2.0","method":"eth_getLogs","params":[{"address":"0x9f","topics":[["0x1","0x2"],null],"n":5},"latest",false]}
            """.Trim(),
            Assert.Single(handler.Posted));
        Assert.Equal(new RpcLinkState("https://node.example/…", 1, null), link.State);
    }

    [Theory]
    [InlineData("\"0x10\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[]")]
    public void Any_kind_of_result_is_one(string result)
    {
        using var link = Http(new ScriptedHandler(_ => Json($$"""{"jsonrpc":"2.0","id":"1","result":{{result}}}""")));

        Assert.Equal(result, Text(Ask(link)));
    }

    [Fact]
    public void Batches_come_in_order()
    {
        var handler = new ScriptedHandler(_ => Json(
            """[{"id":"2","result":2},{"id":"1","error":{"code":3,"message":"execution reverted","data":"0x08c379a0"}}]"""));
        using var link = Http(handler);

        var replies = Ask(link, 2);

        var error = Assert.IsType<RpcError>(replies[0]);
        Assert.Equal((3, "execution reverted", "\"0x08c379a0\""), (error.Code, error.Message, Encoding.UTF8.GetString(error.Data.Span)));
        Assert.Equal("2", Text(replies[1]));
        Assert.Single(handler.Posted);
    }

    [Fact]
    public void An_answer_that_is_missing_in_a_batch_is_no_answer()
    {
        using var link = Http(new ScriptedHandler(_ => Json("""[{"id":"2","result":2}]""")));

        var replies = Ask(link, 2);

        Assert.True(Assert.IsType<RpcNoAnswer>(replies[0]).MayHaveArrived);
        Assert.Equal("2", Text(replies[1]));
    }

    // Nethereum's client of WebSockets, too, takes a late answer for that to the question after it.
    [Fact]
    public void An_answer_to_another_question_is_no_answer()
    {
        using var link = Http(new ScriptedHandler(_ => Json("""{"id":"7","result":"0x1"}""")));

        var none = Assert.IsType<RpcNoAnswer>(Ask(link));

        Assert.Equal(("The client gave the answer to another question.", true), (none.Detail, none.MayHaveArrived));
        Assert.Equal(none.Detail, link.State.Problem);
    }

    [Fact]
    public void An_error_of_the_node_is_an_error_without_the_secrets_of_the_URL()
    {
        using var link = Http(new ScriptedHandler(_ => Json(
            $$"""{"id":"1","error":{"code":-32005,"message":"{{Secret}} has exceeded its limit","data":{"see":"/{{Secret}}"} } }""")));

        var error = Assert.IsType<RpcError>(Ask(link));

        Assert.Equal(
            (-32005, "… has exceeded its limit", """{"see":"/…"}"""),
            (error.Code, error.Message, Encoding.UTF8.GetString(error.Data.Span)));
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.Unauthorized)]
    public void A_status_of_4xx_is_an_error(HttpStatusCode status)
    {
        using var link = Http(new ScriptedHandler(_ => new HttpResponseMessage(status)));

        Assert.Equal(new RpcError((int)status, $"HTTP status {(int)status}: {status}", default), Ask(link));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, "<html>")]
    [InlineData(HttpStatusCode.RequestTimeout, "")]
    [InlineData(HttpStatusCode.OK, "<html>")]
    [InlineData(HttpStatusCode.OK, "")]
    public void What_a_gateway_says_is_no_answer(HttpStatusCode status, string body)
    {
        using var link = Http(new ScriptedHandler(_ => new HttpResponseMessage(status) { Content = new StringContent(body) }));

        Assert.True(Assert.IsType<RpcNoAnswer>(Ask(link)).MayHaveArrived);
    }

    [Fact]
    public void A_node_that_was_not_reached_surely_got_nothing_and_may_be_another_one_afterwards()
    {
        var isUp = false;
        using var link = Http(new ScriptedHandler(_ => isUp
            ? Json($$"""{"id":"2","result":1}""")
            : throw new HttpRequestException(HttpRequestError.ConnectionError, $"Connection refused by /v3/{Secret}")));

        var none = Assert.IsType<RpcNoAnswer>(Ask(link));
        isUp = true;

        Assert.Equal(
            ("There is no answer from https://node.example/…: Connection refused by /v3/…", false), (none.Detail, none.MayHaveArrived));
        Assert.Equal("1", Text(Ask(link)));
        Assert.Equal(new RpcLinkState("https://node.example/…", 2, null), link.State);
    }

    [Fact]
    public void A_client_that_throws_what_a_node_answers_has_an_error()
    {
        using var link = Link(new ScriptedClient(_ => throw new RpcResponseException(
            new global::Nethereum.JsonRpc.Client.RpcError(-32000, "nonce too low: eth_sendRawTransaction", "0x"))));

        var error = Assert.IsType<RpcError>(Ask(link));

        Assert.Equal((-32000, "nonce too low: eth_sendRawTransaction"), (error.Code, error.Message));
    }

    [Fact]
    public void A_timeout_of_the_client_is_no_answer()
    {
        using var link = Link(new ScriptedClient(_ => throw new RpcClientTimeoutException("Rpc timeout after 20000 milliseconds")));

        Assert.Equal(
            new RpcNoAnswer("There is no answer from https://node.example/…: Rpc timeout after 20000 milliseconds", MayHaveArrived: true),
            Ask(link));
    }

    [Fact]
    public void A_client_that_never_answers_is_given_up_in_time()
    {
        var late = new TaskCompletionSource<RpcResponseMessage[]>();
        using var link = Link(new ScriptedClient(_ => late.Task), new RpcOptions { Timeout = TimeSpan.FromSeconds(5) });

        var reply = link.AskAsync(_question, default);
        _time.AdvanceBy(TimeSpan.FromSeconds(4.9));
        Assert.False(reply.IsCompleted);
        _time.AdvanceBy(TimeSpan.FromSeconds(0.1));

        Assert.Equal(new RpcNoAnswer("There was no answer within 5 s.", MayHaveArrived: true), Completed(reply));
        late.SetException(new RpcClientUnknownException("Too late, and nobody listens."));
    }

    [Fact]
    public void A_question_that_nobody_waits_for_any_more_ends()
    {
        using var link = Link(new ScriptedClient(_ => new TaskCompletionSource<RpcResponseMessage[]>().Task));
        using var stop = new CancellationTokenSource();

        var reply = link.AskAsync(_question, stop.Token);
        stop.Cancel();

        Assert.True(reply.IsCanceled);
    }

    [Fact]
    public void A_link_that_has_ended_answers_nothing()
    {
        var link = Link(new ScriptedClient(_ => new TaskCompletionSource<RpcResponseMessage[]>().Task));

        var open = link.AskAsync(_question, default);
        link.Dispose();
        link.Dispose();

        Assert.Equal(new RpcNoAnswer("The link has ended.", MayHaveArrived: true), Completed(open));
        Assert.Equal(new RpcNoAnswer("The link has ended.", MayHaveArrived: true), Ask(link));
    }

    [Fact]
    public void A_client_that_takes_no_batches_is_asked_one_by_one()
    {
        var client = new ScriptedClient(requests => requests is [var only]
            ? Task.FromResult(new[] { new RpcResponseMessage(only.Id, 5L) })
            : throw new NotImplementedException());
        using var link = Link(client);

        Assert.Equal(["5", "5", "5", "5"], Ask(link, 4).Select(Text));
        client.Messages.Clear();
        Assert.Equal(["5", "5"], Ask(link, 2).Select(Text));
        Assert.Equal([1, 1], client.Messages);
    }

    [Fact]
    public void A_node_that_takes_smaller_batches_only_is_asked_in_smaller_ones()
    {
        var client = new ScriptedClient(requests => Task.FromResult(Array.ConvertAll(requests, request => requests.Length > 5
            ? new RpcResponseMessage(request.Id, new TheirError { Code = -32600, Message = "batch too large" })
            : new RpcResponseMessage(request.Id, 5L))));
        using var link = Link(client);

        Assert.All(Ask(link, 20), reply => Assert.Equal("5", Text(reply)));
        client.Messages.Clear();
        Assert.All(Ask(link, 20), reply => Assert.Equal("5", Text(reply)));
        Assert.Equal([5, 5, 5, 5], client.Messages);
    }

    [Fact]
    public void Limits_hold()
    {
        var open = new List<TaskCompletionSource<RpcResponseMessage[]>>();
        var client = new ScriptedClient(_ =>
        {
            open.Add(new TaskCompletionSource<RpcResponseMessage[]>());
            return open[^1].Task;
        });
        using var link = Link(client, new RpcOptions { MaxConcurrent = 2, MaxPerSecond = 1 });

        for (var i = 0; i < 3; i++)
        {
            _ = link.AskAsync(_question, default);
        }

        Assert.Single(client.Messages);
        _time.AdvanceBy(TimeSpan.FromSeconds(10));
        Assert.Equal(2, client.Messages.Count);
        Assert.Throws<ArgumentException>(() => Link(client, new RpcOptions { MaxBatch = 0 }));
    }

    [Fact]
    public void Wakes_that_fail_are_told_and_harm_nothing()
    {
        using var heads = new Subject<Unit>();
        using var link = new NethereumRpcLink(new ScriptedClient(_ => throw new IOException()), _endpoint, null, _time, heads);
        var wakes = 0;
        using var subscription = link.Wakes.Subscribe(_ => wakes++);

        heads.OnNext(Unit.Default);
        heads.OnError(new IOException($"lost wss://node.example/{Secret}"));

        Assert.Equal(1, wakes);
        Assert.Equal(
            "https://node.example/… pushes no blocks any more, and is asked for them: lost wss://node.example/…", link.State.Notice);
        link.Suspect("It stands still.");
        Assert.Equal("It stands still.", link.State.Problem);
    }

    private NethereumRpcLink Http(ScriptedHandler handler)
    {
        var client = new HttpClient(handler) { BaseAddress = new Uri("https://node.example/") };
        return Link(new RpcClient(client.BaseAddress, client));
    }

    private NethereumRpcLink Link(IClient client, RpcOptions? options = null) => new(client, _endpoint, options, _time);

    private RpcReply Ask(NethereumRpcLink link, RpcRequest? question = null) =>
        _time.Run(() => link.AskAsync(question ?? _question, default));

    private IReadOnlyList<RpcReply> Ask(NethereumRpcLink link, int questions) =>
        _time.Run(() => link.AskAsync([.. Enumerable.Repeat(_question, questions)], default));

    private static RpcReply Completed(Task<RpcReply> reply)
    {
        Assert.True(reply.IsCompletedSuccessfully);
        return reply.GetAwaiter().GetResult();
    }

    private static HttpResponseMessage Json(string json) => new(HttpStatusCode.OK) { Content = new StringContent(json) };

    private static string Text(RpcReply reply) => Encoding.UTF8.GetString(Assert.IsType<RpcResult>(reply).Json.Span);
}
