using CodexSales.Node.Cli;
using CodexSales.Node.Run;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Testing.Time;

namespace CodexSales.Node.Tests.Run;

/// <summary>What "run" is told about the chain is what its transactions and its reading go by.</summary>
public sealed class ChainOptionsTests
{
    private const ulong Gwei = 1_000_000_000;

    [Fact]
    public void Each_option_arrives_in_its_unit()
    {
        var options = Read(
            "--least-gwei-tip 0.25 --most-gwei-per-gas 40.5 --most-ether-per-day 2.5 --most-in-flight 17 "
            + "--unestimated-fill-gas 700000 --standing-allowance 123456789012345678901234567890 "
            + "--payout-to 0x00000000000000000000000000000000000000cc --final-blocks 33 --final-seconds 44 --forget-blocks");

        Assert.Equal(
            new TransactionOptions
            {
                MinPriorityFeePerGas = Gwei / 4,
                MaxFeePerGas = 40 * Gwei + (Gwei / 2),
                MostWeiPerDay = (UInt256)Gwei * Gwei * 5 / 2,
                MostInFlight = 17,
                UnestimatedFillGas = 700_000,
                StandingAllowance = UInt256.Parse("123456789012345678901234567890"),
                PayoutTo = Address.Parse("0x00000000000000000000000000000000000000cc"),
            },
            options.Transactions);
        Assert.Equal(
            new MarketIntakeOptions
            {
                FinalDepth = 33,
                FinalAge = TimeSpan.FromSeconds(44),
                ForgetsBlocks = true,
            },
            options.Intake);
    }

    [Fact]
    public void What_is_not_given_is_as_the_README_says_and_as_it_is_without_the_program()
    {
        var options = Read("");

        Assert.Equal(new TransactionOptions(), options.Transactions);
        Assert.Equal(new MarketIntakeOptions(), options.Intake);
    }

    private static EthereumSettings Read(string options)
    {
        var run = new RunCommand([]);
        var command = run.Make(new CliEnvironment
        {
            Output = TextWriter.Null, Error = TextWriter.Null, WallClock = new VirtualTime(),
        });
        return run.Read(command.Parse(
            "--rpc http://127.0.0.1:1 --marketplace 0x00000000000000000000000000000000000000aa "
            + $"--account 0x00000000000000000000000000000000000000bb --data d --hook h {options}")).Settings.Ethereum;
    }
}
