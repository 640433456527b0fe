namespace CodexSales.Rx.Ethereum.Anvil.Tests.Recorded;

public sealed class RecordedReplayTests(RecordedReplay replay) : IClassFixture<RecordedReplay>
{
    [Fact]
    public void Every_transaction_logs_what_the_real_contract_logged()
    {
        Assert.True(replay.WrongLogs.Count == 0, string.Join('\n', replay.WrongLogs));
        Assert.Equal(244, replay.SameLogs);
    }

    [Fact]
    public void Every_question_is_answered_as_the_real_contract_answered_it()
    {
        Assert.True(replay.WrongAnswers.Count == 0, string.Join('\n', replay.WrongAnswers));
        Assert.Equal(
            RecordedRun.Calls.SelectMany(calls => calls).Count(call => !call.DependsOnBlockHashes), replay.SameAnswers);
    }

    [Fact]
    public void Whatever_the_real_contract_refused_is_refused_in_the_same_words()
    {
        Assert.True(
            replay.OpenRefusals.Count == 0,
            $"{replay.OpenRefusals.Count} did not come about, first {replay.OpenRefusals.FirstOrDefault()}");
    }
}
