using System.Globalization;
using System.Text.Json;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Rpc;

/// <summary>Nodes that take at most 10 questions in a message, and say so in every way that was seen.</summary>
public sealed class BatchTooLargeTests : IDisposable
{
    private const string Error = "\"error\":{\"code\":-32600,\"message\":\"batch too large\"}";

    private readonly LoopbackNode _node = new();

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData("id null")]
    [InlineData("first id")]
    [InlineData("first id in an array")]
    [InlineData("every id")]
    [InlineData("413")]
    [InlineData("400")]
    [InlineData("hangs up")]
    public async Task Over_HTTP_messages_get_smaller_until_they_are_taken(string how)
    {
        var messages = 0;
        _node.OnPost = (body, response) =>
        {
            Interlocked.Increment(ref messages);
            var ids = IdsIn(body);
            response.StatusCode = ids.Count > 10 && how is "413" or "400" ? int.Parse(how, CultureInfo.InvariantCulture) : 200;
            return ids.Count > 10 ? Refusal(how, ids) : Answers(ids);
        };
        using HttpMessageHandler handler = how == "hangs up" ? new HangsUp() : new SocketsHttpHandler();
        using var transport = new HttpRpcTransport(_node.Endpoint("http"), new RpcOptions(), _node.Scheduler, handler);
        RpcRequest[] questions = [.. Enumerable.Repeat(LoopbackNode.Question, 32)];

        var replies = await transport.AskAsync(questions, default);
        if (how == "hangs up")
        {
            // The node may have acted on them: whoever asked decides.
            Assert.All(replies, reply => Assert.IsType<RpcNoAnswer>(reply));
            replies = await transport.AskAsync(questions, default);
        }

        Assert.All(replies, reply => Assert.IsType<RpcResult>(reply));
        Assert.InRange(messages, 4, 8);
        Volatile.Write(ref messages, 0);
        await transport.AskAsync(questions, default);
        Assert.InRange(messages, 4, 6);
    }

    [Theory]
    [InlineData("id null")]
    [InlineData("first id")]
    [InlineData("first id in an array")]
    [InlineData("every id")]
    [InlineData("hangs up")]
    [InlineData("says nothing")]
    public async Task Over_a_WebSocket_messages_get_smaller_until_they_are_taken(string how)
    {
        using var bench = new SocketBench();
        var accept = bench.OnSent;
        bench.OnSent = (_, message) =>
        {
            if (message.Contains("eth_subscribe", StringComparison.Ordinal))
            {
                accept(bench, message);
                return;
            }

            var ids = IdsIn(message);
            if (ids.Count > 10 && how == "hangs up")
            {
                bench.Wire.Close();
            }
            else if (ids.Count <= 10 || how != "says nothing")
            {
                bench.Wire.Say(ids.Count > 10 ? Refusal(how, ids) : Answers(ids));
            }
        };
        bench.Open();
        RpcRequest[] questions = [.. Enumerable.Repeat(SocketBench.Question(), 32)];

        IReadOnlyList<RpcReply> replies = [];
        for (var attempt = how is "hangs up" or "says nothing" ? 0 : 2; attempt < 3; attempt++)
        {
            var asked = bench.Transport.AskAsync(questions, default);
            bench.Time.AdvanceBy(TimeSpan.FromSeconds(60));
            replies = await asked;
        }

        Assert.All(replies, reply => Assert.IsType<RpcResult>(reply));
        bench.Wire.Sent.Clear();
        var again = bench.Transport.AskAsync(questions, default);
        bench.Time.RunDue();
        await again;
        Assert.InRange(bench.Wire.Sent.Count, 4, 6);
    }

    [Fact]
    public async Task What_was_answered_is_kept_and_the_rest_is_asked_again()
    {
        var batches = new RpcBatches(20);
        List<int> sizes = [];

        var replies = await batches.AskAsync(
            [.. Enumerable.Range(0, 6).Select(i => new RpcRequest($"m{i}", default))],
            requests =>
            {
                sizes.Add(requests.Count);
                return Task.FromResult<IReadOnlyList<RpcReply>>([.. requests.Select((request, i) => i < 3
                    ? new RpcResult(System.Text.Encoding.UTF8.GetBytes(request.Method))
                    : (RpcReply)new RpcError(-32000, "batch limit of 3 exceeded", default))]);
            });

        Assert.Equal(["m0", "m1", "m2", "m3", "m4", "m5"], replies.Select(SocketBench.Text));
        Assert.Equal([6, 3], sizes);
    }

    [Theory]
    [InlineData(3, "execution reverted: batch too large")]
    [InlineData(429, "too many requests")]
    [InlineData(-32000, "query returned more than 10000 results")]
    [InlineData(-32000, "backend response too large")]
    public async Task An_error_about_something_else_is_an_answer(int code, string said)
    {
        var batches = new RpcBatches(20);
        var asked = 0;

        var replies = await batches.AskAsync(
            [.. Enumerable.Repeat(LoopbackNode.Question, 4)],
            requests =>
            {
                asked++;
                return Task.FromResult<IReadOnlyList<RpcReply>>(
                    [.. requests.Select(_ => new RpcError(code, said, default))]);
            });

        Assert.All(replies, reply => Assert.Equal(new RpcError(code, said, default), reply));
        Assert.Equal((1, 20), (asked, batches.Size));
    }

    // A status for all of them may be about one question.
    [Fact]
    public async Task A_question_that_is_refused_alone_keeps_its_refusal()
    {
        _node.OnPost = (body, response) =>
        {
            response.StatusCode = body.Contains("eth_getLogs", StringComparison.Ordinal) ? 413 : 200;
            return response.StatusCode == 413 ? "limited to a 10,000 range" : Answers(IdsIn(body));
        };
        using var transport = _node.Http();

        var replies = await transport.AskAsync(
            [LoopbackNode.Question, new RpcRequest("eth_getLogs", "[]"u8.ToArray()), LoopbackNode.Question], default);

        Assert.Equal("HTTP status 413: limited to a 10,000 range", Assert.IsType<RpcError>(replies[1]).Message);
        Assert.Equal(2, replies.Count(reply => reply is RpcResult));
    }

    [Fact]
    public async Task Larger_messages_are_tried_again_later_and_the_size_that_is_taken_is_kept()
    {
        var (batches, limit, refused) = (new RpcBatches(20), 10, 0);
        for (var i = 0; i < 1_000; i++)
        {
            await AskAsync();
        }

        // Once at first, and then one message in a hundred or so.
        Assert.Equal(10, Math.Min(10, batches.Size));
        Assert.InRange(refused, 2, 40);
        limit = 20;
        for (var i = 0; i < 300; i++)
        {
            await AskAsync();
        }

        Assert.Equal(20, batches.Size);

        Task AskAsync() => batches.AskAsync(
            [.. Enumerable.Repeat(LoopbackNode.Question, 20)],
            requests =>
            {
                refused += requests.Count > limit ? 1 : 0;
                return Task.FromResult<IReadOnlyList<RpcReply>>([.. requests.Select(_ => requests.Count > limit
                    ? new RpcError(-32600, "batch too large", default)
                    : (RpcReply)new RpcResult("1"u8.ToArray()))]);
            });
    }

    [Fact]
    public async Task What_was_learnt_is_forgotten_with_the_connection_unless_a_message_may_have_ended_it()
    {
        var batches = new RpcBatches(20);
        await AskAsync(new RpcError(-32600, "batch too large", default));
        Assert.Equal(10, batches.Size);
        batches.Forget();
        Assert.Equal(20, batches.Size);

        await AskAsync(new RpcNoAnswer("The node closed the connection.", MayHaveArrived: true));
        batches.Forget();
        Assert.Equal(10, batches.Size);
        batches.Forget();
        Assert.Equal(20, batches.Size);

        Task AskAsync(RpcReply large) => batches.AskAsync(
            [.. Enumerable.Repeat(LoopbackNode.Question, 20)],
            requests => Task.FromResult<IReadOnlyList<RpcReply>>(
                [.. requests.Select(_ => requests.Count > 10 ? large : new RpcResult("1"u8.ToArray()))]));
    }

    private static List<long> IdsIn(string message)
    {
        using var json = JsonDocument.Parse(message);
        return json.RootElement.ValueKind == JsonValueKind.Array
            ? [.. json.RootElement.EnumerateArray().Select(question => question.GetProperty("id").GetInt64())]
            : [json.RootElement.GetProperty("id").GetInt64()];
    }

    private static string Answers(List<long> ids) => ids.Count == 1
        ? $"{{\"id\":{ids[0]},\"result\":1}}"
        : $"[{string.Join(',', ids.Select(id => $"{{\"id\":{id},\"result\":1}}"))}]";

    private static string Refusal(string how, List<long> ids) => how switch
    {
        "id null" => $"{{\"id\":null,{Error}}}",
        "first id" => $"{{\"id\":{ids[0]},{Error}}}",
        "first id in an array" => $"[{{\"id\":{ids[0]},{Error}}}]",
        "every id" => $"[{string.Join(',', ids.Select(id => $"{{\"id\":{id},{Error}}}"))}]",
        _ => "too much",
    };

    // Done on our side: when HttpListener aborted the two, one run in many lost an answered message too.
    private sealed class HangsUp() : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            IdsIn(await request.Content!.ReadAsStringAsync(cancellationToken)).Count > 10
                ? throw new HttpRequestException(HttpRequestError.ResponseEnded, "hung up")
                : await base.SendAsync(request, cancellationToken);
    }
}
