using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Rpc;

public sealed class WebSocketRpcTransportTests : IDisposable
{
    private readonly SocketBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Answers_find_their_questions_in_any_order()
    {
        _bench.Open();
        var (first, second) = (_bench.Ask("a"), _bench.Ask("b"));
        var ids = _bench.Wire.Sent.Select(SocketBench.IdOf).ToList();

        _bench.Say($"{{\"id\":{ids[1]},\"result\":2}}");
        _bench.Say($"{{\"id\":{ids[0]},\"result\":1}}");

        Assert.Equal("1", SocketBench.Text(await first));
        Assert.Equal("2", SocketBench.Text(await second));
    }

    [Fact]
    public async Task An_answer_that_comes_before_the_sending_is_over_is_not_lost()
    {
        _bench.Open();
        _bench.OnSent = (bench, message) => bench.Wire.Say($"{{\"id\":{SocketBench.IdOf(message)},\"result\":7}}");

        Assert.Equal("7", SocketBench.Text(await _bench.Ask()));
    }

    [Fact]
    public async Task Several_questions_go_in_one_message_and_their_answers_are_put_in_order()
    {
        _bench.Open();
        var replies = _bench.Transport.AskAsync([SocketBench.Question("a"), SocketBench.Question("b")], default);
        _bench.Time.RunDue();
        var first = _bench.Wire.Sent.Single()[1..].IndexOf("\"id\":", StringComparison.Ordinal);
        var id = int.Parse(_bench.Wire.Sent[0].AsSpan(first + 6, 1), provider: null);

        _bench.Say(
            $"[{{\"id\":{id + 1},\"result\":\"b\"}},{{\"id\":{id},\"error\":{{\"code\":-3,\"message\":\"no\"}}}}]");

        var (a, b) = ((await replies)[0], (await replies)[1]);
        Assert.Equal(new RpcError(-3, "no", default), a);
        Assert.Equal("\"b\"", SocketBench.Text(b));
    }

    [Fact]
    public async Task Messages_on_end_in_one_frame_are_all_taken()
    {
        _bench.Open();
        var (first, second) = (_bench.Ask(), _bench.Ask());
        var ids = _bench.Wire.Sent.Select(SocketBench.IdOf).ToList();

        _bench.Say($"{{\"id\":{ids[0]},\"result\":1}}\n{{\"id\":\"{ids[1]}\",\"result\":2}}\n");

        Assert.Equal("1", SocketBench.Text(await first));
        Assert.Equal("2", SocketBench.Text(await second));
    }

    [Fact]
    public async Task An_error_without_an_id_is_nobodys_error_and_ends_the_wait_of_all()
    {
        _bench.Open();
        var (first, second) = (_bench.Ask(), _bench.Ask());

        _bench.Say("""{"jsonrpc":"2.0","error":{"code":-32005,"message":"slow down"},"id":null}""");

        foreach (var reply in new[] { await first, await second })
        {
            var none = Assert.IsType<RpcNoAnswer>(reply);
            Assert.Contains("slow down", none.Detail, StringComparison.Ordinal);
            Assert.True(none.MayHaveArrived);
        }

        Assert.Contains("slow down", _bench.Transport.State.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_without_an_answer_is_given_up_in_time_and_its_late_answer_does_no_harm()
    {
        _bench.Open();
        var reply = _bench.Ask();
        _bench.Time.AdvanceBy(new RpcOptions().Timeout - TimeSpan.FromTicks(1));
        Assert.False(reply.IsCompleted);

        _bench.Time.AdvanceBy(TimeSpan.FromTicks(1));
        var none = Assert.IsType<RpcNoAnswer>(await reply);
        _bench.Say($"{{\"id\":{SocketBench.IdOf(_bench.Wire.Sent[0])},\"result\":1}}");

        Assert.True(none.MayHaveArrived);
        Assert.Equal("There was no answer within 20 s.", none.Detail);
        Assert.Equal(1, _bench.Transport.State.Connections);
    }

    [Fact]
    public async Task A_cancelled_question_is_over_at_once()
    {
        _bench.Open();
        using var cancellation = new CancellationTokenSource();
        var reply = _bench.Ask(cancellation: cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reply);
    }

    [Fact]
    public async Task Garbage_harms_no_other_message_and_is_told_until_the_node_makes_sense()
    {
        _bench.Open();
        var reply = _bench.Ask();

        _bench.Say("<html>Bad gateway</html>");
        Assert.Equal("A message of the node is not JSON from byte 0 on.", _bench.Transport.State.Problem);
        _bench.SayHead();
        _bench.Say($"{{\"id\":{SocketBench.IdOf(_bench.Wire.Sent[0])},\"result\":1}}");

        Assert.Equal("1", SocketBench.Text(await reply));
        Assert.Null(_bench.Transport.State.Problem);
    }

    [Fact]
    public void A_silent_node_is_asked_for_a_sign_of_life_and_left_when_it_is_dead()
    {
        _bench.Open();

        _bench.Time.AdvanceBy(new RpcOptions().Silence);
        Assert.Contains("eth_blockNumber", Assert.Single(_bench.Wire.Sent), StringComparison.Ordinal);
        _bench.Time.AdvanceBy(new RpcOptions().Timeout + TimeSpan.FromSeconds(1));

        Assert.True(_bench.Wires[0].IsDisposed);
        Assert.Equal(2, _bench.Transport.State.Connections);
        Assert.Contains(_bench.States.Values, state => state.Value.Problem == "The node says nothing any more.");
    }

    [Fact]
    public void A_node_that_talks_is_not_asked_for_a_sign_of_life()
    {
        _bench.Open();

        for (var i = 0; i < 100; i++)
        {
            _bench.Time.AdvanceBy(TimeSpan.FromSeconds(10));
            _bench.SayHead();
        }

        Assert.Empty(_bench.Wire.Sent);
        Assert.Single(_bench.Wires);
    }

    [Fact]
    public async Task A_lost_connection_ends_the_wait_of_its_questions_and_the_next_one_subscribes_again()
    {
        _bench.Open();
        var reply = _bench.Ask();

        _bench.Wire.Close();
        _bench.Time.RunDue();
        var none = Assert.IsType<RpcNoAnswer>(await reply);
        _bench.Time.AdvanceBy(TimeSpan.FromSeconds(1));

        Assert.True(none.MayHaveArrived);
        Assert.Equal(2, _bench.Wires.Count);
        Assert.Contains("eth_subscribe", Assert.Single(_bench.Wire.Sent), StringComparison.Ordinal);
        Assert.Equal(1, _bench.Transport.State.Reconnects);
        Assert.Equal(2, _bench.Wakes.Values.Count);
    }

    [Fact]
    public async Task Without_a_connection_a_question_is_surely_not_sent()
    {
        _bench.Connect = _ => Task.FromException<IWire>(new IOException("Connection refused"));
        _bench.Time.RunDue();

        var none = Assert.IsType<RpcNoAnswer>(await _bench.Ask());

        Assert.False(none.MayHaveArrived);
        Assert.Equal(
            "There is no connection to wss://node.example/…: Connection refused", _bench.Transport.State.Problem);
    }

    [Fact]
    public async Task A_question_asked_while_a_connection_is_made_waits_for_it()
    {
        var made = new TaskCompletionSource<IWire>();
        var wire = new ScriptedWire();
        _bench.Wires.Add(wire);
        _bench.OnSent = (_, message) => wire.Say($"{{\"id\":{SocketBench.IdOf(message)},\"result\":1}}");
        wire.OnSent = message => _bench.OnSent(_bench, message);
        _bench.Connect = _ => made.Task;
        _bench.Time.RunDue();

        var reply = _bench.Ask();
        made.SetResult(wire);
        _bench.Time.RunDue();

        Assert.Equal("1", SocketBench.Text(await reply));
    }

    [Fact]
    public void A_connection_that_takes_too_long_is_given_up()
    {
        _bench.Connect = cancellation =>
        {
            var never = new TaskCompletionSource<IWire>();
            cancellation.Register(() => never.TrySetCanceled(cancellation));
            return never.Task;
        };

        _bench.Time.AdvanceBy(TimeSpan.FromSeconds(20.6));

        Assert.Equal(2, _bench.Attempts.Count);
        Assert.EndsWith("it takes too long.", _bench.Transport.State.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_accepts_and_hangs_up_is_tried_ever_less_often()
    {
        _bench.OnSent = (bench, _) => bench.Wire.Close();

        _bench.Time.AdvanceBy(TimeSpan.FromHours(1));

        // Half of 30 s in the mean; a back-off that a connection resets would make thousands of attempts.
        Assert.InRange(_bench.Attempts.Count, 180, 320);
        var waits = _bench.Attempts.Zip(_bench.Attempts.Skip(1), (one, next) => next - one).ToList();
        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(30)));
        Assert.True(waits[0] < TimeSpan.FromSeconds(0.5));
        Assert.Contains(waits, wait => wait > TimeSpan.FromSeconds(25));
    }

    [Fact]
    public void After_a_healthy_period_the_first_wait_is_short_again()
    {
        _bench.OnSent = (bench, _) => bench.Wire.Close();
        _bench.Time.AdvanceBy(TimeSpan.FromMinutes(30));
        _bench.OnSent = (bench, message) => bench.Wire.Say($"{{\"id\":{SocketBench.IdOf(message)},\"result\":1}}");
        _bench.Time.AdvanceBy(TimeSpan.FromMinutes(2));
        var (attempts, lostAt) = (_bench.Attempts.Count, _bench.Time.Elapsed);

        _bench.Wire.Close();
        _bench.Time.AdvanceBy(TimeSpan.FromSeconds(0.5));

        Assert.Equal(attempts + 1, _bench.Attempts.Count);
        Assert.InRange(_bench.Attempts[^1] - lostAt, TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public void A_suspected_node_is_connected_to_afresh()
    {
        _bench.Open();

        _bench.Transport.Suspect("It is stuck.");
        _bench.Time.AdvanceBy(TimeSpan.FromSeconds(1));

        Assert.Equal(2, _bench.Transport.State.Connections);
        Assert.Contains(_bench.States.Values, state => state.Value.Problem == "It is stuck.");
    }

    [Fact]
    public async Task A_closed_transport_answers_nobody_and_does_not_connect_again()
    {
        _bench.Open();
        var reply = _bench.Ask();

        _bench.Transport.Dispose();
        _bench.Time.RunUntilIdle();

        Assert.IsType<RpcNoAnswer>(await reply);
        Assert.IsType<RpcNoAnswer>(await _bench.Ask());
        Assert.True(Assert.Single(_bench.Wires).IsDisposed);
    }

    [Fact]
    public async Task Whatever_is_told_has_no_key_in_it()
    {
        _bench.Open();
        var reply = _bench.Ask();
        _bench.Say($"{{\"id\":{SocketBench.IdOf(_bench.Wire.Sent[0])},\"error\":{{\"code\":1," +
            $"\"message\":\"project {SocketBench.Secret} is over its limit\",\"data\":\"{SocketBench.Secret}\"}}}}");
        _bench.Wire.Break($"wss://node.example/v3/{SocketBench.Secret} hung up");
        _bench.Time.RunDue();

        var error = Assert.IsType<RpcError>(await reply);

        Assert.Equal("project … is over its limit", error.Message);
        Assert.Equal("\"…\"", System.Text.Encoding.UTF8.GetString(error.Data.Span));
        Assert.All(_bench.States.Values, state =>
            Assert.DoesNotContain(SocketBench.Secret, state.Value.ToString(), StringComparison.Ordinal));
    }
}
