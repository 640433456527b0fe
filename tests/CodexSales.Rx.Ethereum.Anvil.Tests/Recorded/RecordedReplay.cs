using System.Text.Json;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Recorded;

/// <summary>
/// The recorded run, made again on our contract: the same addresses, block numbers, times and transactions. What comes
/// out differently is kept for the tests.
/// </summary>
public sealed class RecordedReplay : IAsyncLifetime
{
    private const ulong Hour = 3600;

    private readonly RecordedRequests _requests = new();

    /// <summary>Logs that are not those of the recording.</summary>
    internal List<string> WrongLogs { get; } = [];

    /// <summary>Answers that are not those of the recording.</summary>
    internal List<string> WrongAnswers { get; } = [];

    /// <summary>How many logs were the same.</summary>
    public int SameLogs { get; private set; }

    /// <summary>How many answers were the same.</summary>
    public int SameAnswers { get; private set; }

    /// <summary>The recorded refusals that came about here as well, in their order.</summary>
    internal Queue<RecordedQuestion> OpenRefusals { get; } = new(RecordedRun.Refusals);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        // Long before the first recorded block: deploying takes a few seconds of the node's clock.
        var first = RecordedRun.Blocks[0];
        await using var node = await AnvilNode.StartAsync(
            new AnvilOptions { StartTime = new UnixSeconds(first.Time.Value - Hour), Accounts = 20 });
        var market = await DeployedMarketplace.DeployAsync(node);
        Assert.Equal(first.Number - 1, market.DeployBlock);

        await node.SetAutomineAsync(false);
        var transactions = new RecordedTransactions(_requests, node.Accounts, market.Token, market.Marketplace);
        foreach (var block in RecordedRun.Blocks)
        {
            foreach (var transaction in transactions.Of(block))
            {
                await node.PostAsync(transaction.From, transaction.To, transaction.Data);
            }

            await node.MineAtAsync(block.Time);
            await CompareLogsAsync(node, block);
            await CompareAnswersAsync(node, block.Number);
            await CompareRefusalsAsync(node);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task CompareLogsAsync(AnvilNode node, RecordedBlock block)
    {
        var expected = block.Transactions.SelectMany(logs => logs).Select(log => log.ToString()).ToList();
        var actual = (await node.GetLogsAsync(block.Number))
            .Select(log => _requests.ToRecorded(log.ToString()))
            .ToList();
        if (expected.SequenceEqual(actual))
        {
            SameLogs += expected.Count;
        }
        else
        {
            WrongLogs.Add($"Block {block.Number}, recorded:");
            WrongLogs.AddRange(expected);
            WrongLogs.Add("here:");
            WrongLogs.AddRange(actual);
        }
    }

    private async Task CompareAnswersAsync(AnvilNode node, ulong block)
    {
        foreach (var call in RecordedRun.Calls[block].Where(call => !call.DependsOnBlockHashes))
        {
            var answer = await AskAsync(node, call);
            if (answer == call.Answer)
            {
                SameAnswers++;
            }
            else
            {
                WrongAnswers.Add($"Block {block}, {call.Label}:\n recorded {call.Answer}\n here {answer}");
            }
        }
    }

    // The recording does not say at which block a call was refused, but they are in order.
    private async Task CompareRefusalsAsync(AnvilNode node)
    {
        while (OpenRefusals.TryPeek(out var next) && await AskAsync(node, next) == next.Answer)
        {
            OpenRefusals.Dequeue();
        }
    }

    private async Task<string> AskAsync(AnvilNode node, RecordedQuestion question)
    {
        var parameters = JsonDocument.Parse(_requests.ToOurs(question.Parameters)).RootElement.EnumerateArray();
        var reply = await node.Rpc.AskAsync(question.Method, [.. parameters.Select(parameter => (object)parameter)]);
        return _requests.ToRecorded(RecordedQuestion.AnswerOf(reply));
    }
}
