using System.Reactive;
using System.Reactive.Linq;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Rpc;

public sealed class FailoverRpcTransportTests
{
    private static readonly RpcResult _result = new("1"u8.ToArray());
    private static readonly RpcNoAnswer _notSent = new("down", MayHaveArrived: false);

    private readonly VirtualTime _time = new();
    private readonly Link _first = new("first");
    private readonly Link _second = new("second");
    private readonly FailoverRpcTransport _transport;

    public FailoverRpcTransportTests() => _transport = new FailoverRpcTransport([_first, _second], null, _time);

    [Fact]
    public async Task The_first_one_is_asked_as_long_as_it_answers()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(_result, await AskAsync());
        }

        Assert.Equal((10, 0), (_first.Asked, _second.Asked));
    }

    [Fact]
    public async Task A_question_that_was_not_sent_goes_to_the_next_one()
    {
        _first.Reply = _notSent;

        Assert.Equal(_result, await AskAsync());

        Assert.Equal("second", _transport.State.Endpoint);
    }

    [Fact]
    public async Task A_question_that_may_have_arrived_is_not_asked_twice()
    {
        _first.Reply = new RpcNoAnswer("lost", MayHaveArrived: true);

        Assert.Equal(_first.Reply, await AskAsync());

        Assert.Equal(0, _second.Asked);
        Assert.Equal(_result, await AskAsync());
        Assert.Equal((1, 1), (_first.Asked, _second.Asked));
    }

    // The block is named by its hash: whoever knows it says the same of it.
    [Fact]
    public async Task Calls_as_of_a_block_that_a_node_does_not_know_are_put_to_the_next_one_which_is_not_preferred_for_that()
    {
        _first.Reply = new RpcError(-32000, "header not found", default);

        Assert.Equal(_result, await _transport.AskAsync(new RpcRequest("eth_call", default), CancellationToken.None));

        Assert.Equal("first", _transport.State.Endpoint);
        Assert.Equal(_first.Reply, await AskAsync());
        _second.Reply = new RpcError(-32000, "unknown block", default);
        Assert.Equal(
            _first.Reply, await _transport.AskAsync(new RpcRequest("eth_call", default), CancellationToken.None));
    }

    [Fact]
    public async Task A_node_that_is_asked_too_often_is_left_alone_for_as_long_as_it_says()
    {
        _first.Reply = new RpcError(429, "slow down", default, TimeSpan.FromSeconds(100));
        Assert.Equal(_result, await AskAsync());
        _first.Reply = _result;

        _time.AdvanceBy(TimeSpan.FromSeconds(99));
        await AskAsync();
        Assert.Equal(1, _first.Asked);
        _time.AdvanceBy(TimeSpan.FromSeconds(1));
        await AskAsync();

        Assert.Equal(["eth_blockNumber", "eth_chainId"], _first.Questions.Skip(1));
        Assert.Equal("first", _transport.State.Endpoint);
    }

    [Theory]
    [InlineData(-32005, "daily request count exceeded, request rate limited")]
    [InlineData(-32016, "over the limit")]
    [InlineData(-32029, "slow down")]
    public async Task A_node_that_says_in_its_own_way_that_it_is_asked_too_often_is_left(int code, string said)
    {
        _first.Reply = new RpcError(code, said, default);

        Assert.Equal(_result, await AskAsync());

        Assert.Equal((1, 1), (_first.Asked, _second.Asked));
    }

    [Theory]
    [InlineData(3, "execution reverted")]
    [InlineData(3, "execution reverted: the capacity is used up")]
    [InlineData(-32005, "query returned more than 10000 results")]
    public async Task An_error_is_an_answer(int code, string said)
    {
        _first.Reply = new RpcError(code, said, default);

        Assert.Equal(_first.Reply, await AskAsync());

        Assert.Equal(0, _second.Asked);
    }

    [Fact]
    public async Task With_all_of_them_down_the_question_is_not_asked_for_ever()
    {
        (_first.Reply, _second.Reply) = (_notSent, _notSent);

        Assert.Equal(_notSent, await AskAsync());

        Assert.Equal((1, 1), (_first.Asked, _second.Asked));
    }

    [Fact]
    public async Task A_suspected_node_is_left_and_the_next_one_counts_as_another_connection()
    {
        await AskAsync();
        var before = _transport.State.Connections;

        _transport.Suspect("It is stuck.");
        await AskAsync();

        Assert.Equal(["It is stuck."], _first.Suspicions);
        Assert.Equal(1, _second.Asked);
        Assert.Equal(before + 1, _transport.State.Connections);
    }

    [Fact]
    public async Task A_suspected_node_is_asked_again_after_ten_minutes_or_when_all_are_suspected()
    {
        _transport.Suspect("It is stuck.");
        _time.AdvanceBy(TimeSpan.FromMinutes(9));
        await AskAsync();
        Assert.Equal((0, 1), (_first.Asked, _second.Asked));

        _transport.Suspect("This one, too.");
        await AskAsync();
        Assert.Equal((1, 1), (_first.Asked, _second.Asked));
        _time.AdvanceBy(TimeSpan.FromMinutes(1));
        await AskAsync();

        Assert.Equal(["eth_chainId", "eth_blockNumber", "eth_chainId"], _first.Questions);
        Assert.Equal(1, _second.Asked);
    }

    // A question that waits for a dead node would be late each time.
    [Fact]
    public async Task With_the_first_one_down_it_is_said_once_and_no_question_goes_to_it_until_it_is_back()
    {
        var states = _time.Record(_transport.States);
        _first.Reply = _notSent;
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(_result, await AskAsync());
            _time.AdvanceBy(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(
            [null, "first is of no use: second is asked."],
            states.Values.Select(state => state.Value.Notice).Distinct());
        Assert.Equal("eth_chainId", Assert.Single(_first.Questions, question => question != "eth_blockNumber"));
        Assert.InRange(_first.Asked, 20, 100);
        Assert.Equal(2, _transport.State.Connections);
        _first.Reply = _result;
        _time.AdvanceBy(TimeSpan.FromSeconds(30));
        await AskAsync();

        Assert.Equal("eth_chainId", _first.Questions[^1]);
        Assert.Null(_transport.State.Notice);
    }

    private Task<RpcReply> AskAsync() => _transport.AskAsync(LoopbackNode.Question, default);

    private sealed class Link(string name) : IRpcLink
    {
        public RpcReply Reply { get; set; } = _result;

        public int Asked => Questions.Count;

        public List<string> Questions { get; } = [];

        public List<string> Suspicions { get; } = [];

        public RpcLinkState State => new(name, 1, null);

        public IObservable<RpcLinkState> States => Observable.Return(State);

        public IObservable<Unit> Wakes => Observable.Never<Unit>();

        public Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellation)
        {
            Questions.Add(request.Method);
            return Task.FromResult(Reply);
        }

        public async Task<IReadOnlyList<RpcReply>> AskAsync(
            IReadOnlyList<RpcRequest> requests, CancellationToken cancellation) =>
            [.. await Task.WhenAll(requests.Select(request => AskAsync(request, cancellation)))];

        public void Suspect(string reason) => Suspicions.Add(reason);

        public void Dispose()
        {
        }
    }
}
