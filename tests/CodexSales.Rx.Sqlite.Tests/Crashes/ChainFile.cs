using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Testing.Contract;

namespace CodexSales.Rx.Sqlite.Tests.Crashes;

/// <summary>
/// A chain that outlives the process: what was sent to it is in a file, and to send the same again at the same moments
/// makes the same chain.
/// </summary>
internal sealed class ChainFile : IDisposable
{
    public static readonly Address Host = Address.Parse("0x1111111111111111111111111111111111111111");
    public static readonly Groth16Proof Proof = new(1, 2, 3, 4, 5, 6, 7, 8);

    private readonly StreamWriter _file;

    private ChainFile(string path, int seed)
    {
        Chain = new SimulatedChain(Time, new SimulatedChainOptions { Seed = seed });
        // Not at the very moment of a block, so that it is never in doubt which one a transaction is in.
        Market = Chain.ConnectHost(Host, new SimulatedMarketOptions { TransactionLatency = TimeSpan.FromMilliseconds(300) });
        Client.Schedule(Chain, Time, seed);
        foreach (var line in File.Exists(path) ? File.ReadAllLines(path) : [])
        {
            Repeat(line.Split(' '));
        }

        _file = new StreamWriter(path, append: true) { AutoFlush = true };
    }

    public VirtualTime Time { get; } = new();

    public SimulatedChain Chain { get; }

    public SimulatedMarket Market { get; }

    /// <summary>What this host has sent, with what became of it.</summary>
    public Dictionary<Sent, Task<CodexSales.Rx.Ports.Market.TransactionOutcome>> Transactions { get; } = [];

    /// <summary>How often something was sent that had been sent before.</summary>
    public int SentTwice { get; private set; }

    /// <summary>Makes the chain as it was when the process before ended.</summary>
    public static ChainFile Open(string path, int seed) => new(path, seed);

    public void Dispose()
    {
        _file.Dispose();
        Chain.Dispose();
    }

    /// <summary>Notes how far time has come.</summary>
    public void Tick() => Append($"");

    /// <summary>
    /// Sends a transaction. One that is on its way already, sent by whatever process, is not sent again: it is that one.
    /// </summary>
    public Task<CodexSales.Rx.Ports.Market.TransactionOutcome> SendAsync(Sent sent)
    {
        if (Transactions.TryGetValue(sent, out var before) && !before.IsCompleted)
        {
            return before;
        }

        Append($" {sent.Name} {sent.Slot.RequestId} {sent.Slot.SlotIndex} {sent.Period}");
        return Transmit(sent);
    }

    private void Append(FormattableString line) => _file.WriteLine(
        Time.Now.UtcTicks.ToString(CultureInfo.InvariantCulture) + FormattableString.Invariant(line));

    private Task<CodexSales.Rx.Ports.Market.TransactionOutcome> Transmit(Sent sent)
    {
        SentTwice += Transactions.ContainsKey(sent) ? 1 : 0;
        return Transactions[sent] = sent.Name switch
        {
            "reserve" => Market.ReserveSlotAsync(sent.Slot, default),
            "fill" => Market.FillSlotAsync(sent.Slot, Proof, UInt256.MaxValue, default),
            "prove" => Market.SubmitProofAsync(sent.Slot, sent.Period, Proof, default),
            "free" => Market.FreeSlotAsync(sent.Slot, default),
            _ => throw new ArgumentOutOfRangeException(nameof(sent), sent, "Not a transaction."),
        };
    }

    private void Repeat(string[] line)
    {
        // The last line may be cut off where the process was killed: then it was not sent.
        if (line is not [var ticks, ..] || line.Length is not (1 or 5))
        {
            return;
        }

        Time.AdvanceTo(new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero));
        if (line is [_, var name, var request, var index, var period])
        {
            var slot = new SlotKey(RequestId.Parse(request), ulong.Parse(index, CultureInfo.InvariantCulture));
            Transmit(new Sent(name, slot, ulong.Parse(period, CultureInfo.InvariantCulture)));
        }
    }
}

/// <summary>What a transaction is for.</summary>
/// <param name="Name">reserve, fill, prove or free.</param>
/// <param name="Slot">The slot.</param>
/// <param name="Period">The period of a proof; 0 for the others.</param>
internal sealed record Sent(string Name, SlotKey Slot, ulong Period);
