using System.Text;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>Whatever a node answers to a question, however large or of whatever type: nothing is lost, and it is told.</summary>
public sealed class OddAnswerTests
{
    private const string Most64 = "\"0xffffffffffffffff\"";
    private const string Hash = "\"0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\"";

    private static readonly string[] _answers =
    [
        "null", "true", "5", "1e400", "\"\"", "\"0x\"", "[]", "{}", "[[]]", "[null]", "[5]", "[{}]", Most64, Hash,
        $$"""{"number":{{Most64}},"hash":{{Hash}},"parentHash":{{Hash}},"timestamp":{{Most64}},"logsBloom":"0x"}""",
        $$"""{"number":"0x7fffffffffffffff","hash":{{Hash}},"parentHash":{{Hash}},"timestamp":"0x7fffffffffffffff"}""",
        $$"""{"number":"0x45","hash":{{Hash}},"parentHash":{{Hash}},"timestamp":{{Most64}},"logsBloom":5}""",
        """{"number":null,"hash":null,"parentHash":null,"timestamp":null,"logsBloom":null}""",
        $$"""[{"address":"0x","topics":[{{Hash}}],"data":"0x","blockNumber":{{Most64}},"blockHash":{{Hash}},"logIndex":{{Most64}}}]""",
        $$"""[{"address":"0x","topics":[],"data":null,"blockNumber":"0x3","blockHash":{{Hash}},"logIndex":"0x0","removed":5}]""",
    ];

    [Theory]
    [InlineData("eth_getBlockByNumber", false)]
    [InlineData("eth_getBlockByHash", false)]
    [InlineData("eth_getLogs", false)]
    [InlineData("eth_getCode", false)]
    [InlineData("eth_getBlockByNumber", true)]
    [InlineData("eth_getBlockByHash", true)]
    [InlineData("eth_getLogs", true)]
    public void One_kind_of_question_that_is_answered_oddly_for_some_minutes_loses_nothing(string method, bool isAtTheTip)
    {
        List<string> faults = [];
        foreach (var answer in _answers)
        {
            var bench = new IntakeBench();
            try
            {
                bench.MineWithEvents(50);
                using var run = bench.Start();
                bench.Pass(TimeSpan.FromMinutes(isAtTheTip ? 1 : 0));
                bench.Link.Instead = asked =>
                    asked.Method == method ? new RpcResult(Encoding.UTF8.GetBytes(answer)) : null;
                Follow(bench, blocks: 20);
                bench.Link.Instead = _ => null;
                Follow(bench, blocks: 40);
                bench.AssertComplete();
                Assert.Null(bench.LastHealth.Problem);
            }
            catch (Exception fault)
            {
                faults.Add($"{answer}: {fault.Message}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static void Follow(IntakeBench bench, int blocks)
    {
        for (; blocks > 0; blocks--)
        {
            bench.MineWithEvents(1);
            bench.Pass(TimeSpan.FromSeconds(12));
        }
    }
}
