using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Rpc;

public sealed class RpcGateTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public void Only_so_many_are_inside_and_the_others_follow_in_order()
    {
        var gate = new RpcGate(new RpcOptions { MaxConcurrent = 2 }, _time);
        var entries = Enumerable.Range(0, 4).Select(_ => gate.EnterAsync(1, default)).ToList();
        Assert.Equal([true, true, false, false], entries.Select(entry => entry.IsCompleted));

        gate.Leave();

        Assert.Equal([true, true, true, false], entries.Select(entry => entry.IsCompleted));
    }

    [Fact]
    public void A_cancelled_one_takes_no_place()
    {
        var gate = new RpcGate(new RpcOptions { MaxConcurrent = 1 }, _time);
        using var cancellation = new CancellationTokenSource();
        var tokens = new[] { default, cancellation.Token, default };
        var entries = tokens.Select(token => gate.EnterAsync(1, token)).ToList();

        cancellation.Cancel();
        gate.Leave();

        Assert.True(entries[1].IsCanceled);
        Assert.True(entries[2].IsCompletedSuccessfully);
    }

    [Fact]
    public void No_second_has_more_questions_than_allowed()
    {
        var gate = new RpcGate(new RpcOptions { MaxPerSecond = 10, MaxConcurrent = 1_000 }, _time);
        List<(TimeSpan At, int Questions)> entered = [];
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var questions = random.Next(1, 4);
            _ = EnterAsync(questions);
        }

        _time.AdvanceBy(TimeSpan.FromMinutes(2));

        var second = TimeSpan.FromSeconds(1);
        Assert.Equal(200, entered.Count);
        Assert.All(entered.SkipLast(12), first => Assert.InRange(
            entered.Where(one => one.At >= first.At && one.At < first.At + second).Sum(one => one.Questions), 7, 12));

        async Task EnterAsync(int questions)
        {
            await gate.EnterAsync(questions, default);
            entered.Add((_time.Elapsed, questions));
        }
    }

    [Fact]
    public void A_crowd_that_leaves_at_once_does_not_pile_up_on_the_stack()
    {
        var gate = new RpcGate(new RpcOptions { MaxConcurrent = 1 }, _time);
        var entry = gate.EnterAsync(1, default);
        var crowd = Enumerable.Range(0, 100_000).Select(_ => PassAsync()).ToList();

        gate.Leave();

        Assert.True(entry.IsCompleted);
        Assert.All(crowd, task => Assert.True(task.IsCompletedSuccessfully));

        async Task PassAsync()
        {
            await gate.EnterAsync(1, default);
            gate.Leave();
        }
    }
}
