using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Rpc;

public sealed class HttpRpcTransportTests : IDisposable
{
    private readonly LoopbackNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task A_result_is_given_as_it_is()
    {
        _node.OnPost = (_, _) => """{"jsonrpc":"2.0","id":1,"result": {"a" : 1}}""";
        using var transport = _node.Http();

        var reply = await transport.AskAsync(LoopbackNode.Question, default);

        Assert.Equal("""{"a" : 1}""", SocketBench.Text(reply));
        Assert.StartsWith("Basic ", Assert.Single(_node.Authorizations), StringComparison.Ordinal);
        Assert.Equal(new RpcLinkState($"http://{_node.Name}/…", 1, null), transport.State);
    }

    [Fact]
    public async Task A_batch_is_put_in_order()
    {
        _node.OnPost = (_, _) => """[{"id":2,"result":2},{"id":1,"result":1}]""";
        using var transport = _node.Http();

        var replies = await transport.AskAsync([LoopbackNode.Question, LoopbackNode.Question], default);

        Assert.Equal(["1", "2"], replies.Select(SocketBench.Text));
    }

    [Fact]
    public async Task A_node_that_takes_no_batch_is_asked_one_by_one()
    {
        _node.OnPost = (body, _) => body[0] == '['
            ? """{"id":null,"error":{"code":-32600,"message":"batches are not supported"}}"""
            : """{"id":1,"result":1}""";
        using var transport = _node.Http();

        var replies = await transport.AskAsync([LoopbackNode.Question, LoopbackNode.Question], default);

        Assert.Equal(["1", "1"], replies.Select(SocketBench.Text));
    }

    [Fact]
    public async Task Too_many_requests_come_with_the_time_to_wait()
    {
        _node.OnPost = (_, response) =>
        {
            response.StatusCode = 429;
            response.Headers["Retry-After"] = "7";
            return "slow down, " + LoopbackNode.Secret;
        };
        using var transport = _node.Http();

        var error = Assert.IsType<RpcError>(await transport.AskAsync(LoopbackNode.Question, default));

        Assert.Equal(new RpcError(429, "HTTP status 429: slow down, …", default, TimeSpan.FromSeconds(7)), error);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    public async Task What_the_node_refuses_is_an_error(int status)
    {
        _node.OnPost = (_, response) =>
        {
            response.StatusCode = status;
            return "limited to a 10,000 range";
        };
        using var transport = _node.Http();

        var error = Assert.IsType<RpcError>(await transport.AskAsync(LoopbackNode.Question, default));

        Assert.Equal((status, $"HTTP status {status}: limited to a 10,000 range"), (error.Code, error.Message));
    }

    [Theory]
    [InlineData(502, "<html>")]
    [InlineData(503, "")]
    [InlineData(200, "<html>")]
    [InlineData(200, """{"id":9,"result":1}""")]
    [InlineData(200, """{"id":1}""")]
    public async Task What_a_gateway_says_is_no_answer(int status, string body)
    {
        _node.OnPost = (_, response) =>
        {
            response.StatusCode = status;
            return body;
        };
        using var transport = _node.Http();

        var none = Assert.IsType<RpcNoAnswer>(await transport.AskAsync(LoopbackNode.Question, default));

        Assert.True(none.MayHaveArrived);
        Assert.Equal(none.Detail, transport.State.Problem);
    }

    [Fact]
    public async Task An_error_of_the_protocol_counts_whatever_the_status_is()
    {
        _node.OnPost = (_, response) =>
        {
            response.StatusCode = 503;
            return """{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Log response size exceeded."}}""";
        };
        using var transport = _node.Http();

        var reply = await transport.AskAsync(LoopbackNode.Question, default);

        Assert.Equal(new RpcError(-32000, "Log response size exceeded.", default), reply);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_given_up()
    {
        using var transport = _node.Http(new RpcOptions { Timeout = TimeSpan.FromSeconds(0.1) });

        var none = Assert.IsType<RpcNoAnswer>(await transport.AskAsync(LoopbackNode.Question, default));

        Assert.Equal(new RpcNoAnswer("There was no answer within 0.1 s.", true), none);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_not_read()
    {
        _node.OnPost = (_, _) => $"{{\"id\":1,\"result\":\"{new string('x', 2_000)}\"}}";
        using var transport = _node.Http(new RpcOptions { MaxReplyBytes = 1_024 });

        var none = Assert.IsType<RpcNoAnswer>(await transport.AskAsync(LoopbackNode.Question, default));

        Assert.Equal("The node's answer is larger than 1024 bytes.", none.Detail);
    }

    [Fact]
    public async Task A_node_that_is_not_there_surely_got_nothing_and_comes_back()
    {
        Assert.True(RpcEndpoint.TryParse($"http://127.0.0.1:1/{LoopbackNode.Secret}", out var nowhere, out _));
        using var transport = new HttpRpcTransport(nowhere, null, _node.Scheduler);

        var none = Assert.IsType<RpcNoAnswer>(await transport.AskAsync(LoopbackNode.Question, default));

        Assert.False(none.MayHaveArrived);
        Assert.StartsWith("There is no answer from http://127.0.0.1:1/…: ", none.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(LoopbackNode.Secret, none.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_node_that_could_not_be_reached_counts_as_connected_again()
    {
        using var handler = new Handler();
        using var transport = new HttpRpcTransport(
            _node.Endpoint("http"), new RpcOptions(), _node.Scheduler, handler);
        var failures = new[] { (HttpRequestError.InvalidResponse, 0), (HttpRequestError.ConnectionError, 1) };
        foreach (var (failure, reconnects) in failures)
        {
            handler.Failure = failure;
            await transport.AskAsync(LoopbackNode.Question, default);
            Assert.NotNull(transport.State.Problem);

            handler.Failure = null;
            await transport.AskAsync(LoopbackNode.Question, default);

            Assert.Equal((reconnects, null), ((int)transport.State.Reconnects, transport.State.Problem));
        }
    }

    private sealed class Handler : HttpMessageHandler
    {
        public HttpRequestError? Failure { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) => Failure is { } failure
            ? throw new HttpRequestException(failure, "down")
            : Task.FromResult(new HttpResponseMessage { Content = new StringContent("""{"id":1,"result":1}""") });
    }
}
