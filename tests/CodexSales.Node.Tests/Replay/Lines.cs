using System.Globalization;

namespace CodexSales.Node.Tests.Replay;

/// <summary>Lines of recorded files, made to measure.</summary>
internal static class Lines
{
    public const string Marketplace = "0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0";
    public const string Token = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
    public const string ProofSubmitted = "0x3b989d183b84b02259d7c14b34a9c9eb0fccb4c355a920d25e581e25aef4993d";
    public const string Transfer = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
    public const string HashA = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    public const string HashB = "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    /// <summary>A log with one topic and 32 bytes of data.</summary>
    public static string Log(
        int block,
        int index,
        long? time,
        string address = Marketplace,
        string topic = ProofSubmitted,
        string hash = HashA,
        string data = HashB,
        bool removed = false)
    {
        var timestamp = time is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"\"blockTimestamp\":\"0x{time:x}\",");
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"address":"{{address}}","topics":["{{topic}}"],"data":"{{data}}","blockHash":"{{hash}}",{{timestamp}}
            """)
            + string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                "blockNumber":"0x{{block:x}}","logIndex":"0x{{index:x}}","removed":{{(removed ? "true" : "false")}}}
                """);
    }

    public static string OtherLog(int block, int index, long? time) => Log(block, index, time, Token, Transfer);

    public static string Block(int number, long time) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"number":"0x{{number:x}}","hash":"{{HashA}}","timestamp":"0x{{time:x}}"}
        """);
}
