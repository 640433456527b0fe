using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>Whatever a node answers to a question, however large or of whatever type: the manager of transactions goes on.</summary>
public sealed class TransactionOddAnswerTests
{
    private const string Most64 = "\"0xffffffffffffffff\"";
    private const string Most256 = "\"0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\"";
    private const string TooLong = "\"0x1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\"";

    public static TheoryData<string> Methods =>
    [
        "eth_estimateGas", "eth_feeHistory", "eth_gasPrice", "eth_maxPriorityFeePerGas", "eth_getBalance",
        "eth_getTransactionCount", "eth_sendRawTransaction", "eth_getTransactionReceipt", "eth_getTransactionByHash",
        "eth_getBlockByHash", "eth_getBlockByNumber", "eth_call",
    ];

    private static string[] Answers =>
    [
        "null", "true", "5", "-1", "1e400", "\"\"", "\"0x\"", "\"0x0\"", "\"latest\"", "[]", "{}", "[[]]", "[null]", "{\"a\":{}}",
        Most64, Most256, TooLong,
        $$"""{"baseFeePerGas":[{{Most256}}],"reward":[[{{Most256}}]]}""",
        $$"""{"baseFeePerGas":[{{Most64}},{{Most64}}],"reward":[[{{Most256}}]]}""",
        $$"""{"baseFeePerGas":["0x1","0x2"],"reward":[[{{Most256}}],null,5,[null],[[]]]}""",
        """{"baseFeePerGas":[],"reward":[]}""",
        """{"baseFeePerGas":null,"reward":null}""",
        """{"baseFeePerGas":{},"reward":"0x"}""",
        """{"baseFeePerGas":[1,2],"reward":[[3]]}""",
        $$"""{"blockNumber":{{Most64}},"blockHash":{{Most256}},"status":"0x1","gasUsed":{{Most64}},"effectiveGasPrice":{{Most256}},"l1Fee":{{Most256}},"logs":[5,null,{}]}""",
        """{"blockNumber":null,"blockHash":null,"status":null,"gasUsed":null,"logs":null}""",
        """{"number":"0x0","hash":"0x0","timestamp":"0xffffffffffffffff","transactions":[5,null,{},{"from":5,"nonce":[],"hash":{}}]}""",
    ];

    [Theory]
    [MemberData(nameof(Methods))]
    public void One_kind_of_question_that_is_answered_oddly_for_some_blocks_ends_nothing(string method)
    {
        List<string> faults = [];
        foreach (var answer in Answers)
        {
            var bench = new TransactionBench();
            try
            {
                bench.Mine(14);
                bench.Node.Instead = asked => asked.Method == method ? Replies.Result(answer) : null;
                var reply = bench.Send(1);
                bench.Mine(4);
                bench.Node.Instead = _ => null;
                bench.Mine(60);
                var again = reply.IsCompleted && TransactionBench.Outcome(reply) is TransactionLanded ? reply : bench.Send(2);
                bench.Mine(20);
                TransactionBench.Landed(again);
                Assert.True(bench.Mined.Count() <= 2, $"{bench.Mined.Count()} in blocks");
                Assert.Empty(bench.Journal.Open);
            }
            catch (Exception fault)
            {
                faults.Add($"{answer}: {fault.GetType().Name} {fault.Message} {fault.StackTrace?.Split('\n').FirstOrDefault(l => l.Contains("src/"))}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
