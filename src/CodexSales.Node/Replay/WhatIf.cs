using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Testing.Chain;
using CodexSales.Rx.Testing.Time;
using CodexSales.Rx.Testing.Work;
using CodexSales.Rx.Testing.Contract;

namespace CodexSales.Node.Replay;

/// <summary>A record on a simulated chain where our host takes part: what if it had been there?</summary>
/// <remarks>It needs as long for everything as a host with a good line and a fast machine, always the same.</remarks>
internal sealed class WhatIf : IReplayedMarket
{
    private static readonly Address _us = Address.Parse("0x00000000000000000000000000000000c0de0001");

    // Half of a block of 12 s is what a transaction waits for on average.
    private static readonly SimulatedMarketOptions _distance = new()
    {
        CallLatency = TimeSpan.FromMilliseconds(100),
        TransactionLatency = TimeSpan.FromSeconds(6),
    };

    private readonly SimulatedChain _chain;

    public WhatIf(VirtualTime time, BlockStamp first, byte repairRewardPercent)
    {
        var options = new SimulatedChainOptions { FirstBlock = first.Number };
        _chain = new SimulatedChain(
            time, options with { Rules = options.Rules with { RepairRewardPercent = repairRewardPercent } });
        Market = _chain.ConnectHost(_us, _distance);
        Storage = new SimulatedStorage(time);
        Prover = new SimulatedProver(time, TimeSpan.FromSeconds(5));
    }

    public IMarket Market { get; }

    public MarketRules Rules => _chain.Options.Rules;

    /// <summary>Storage of our host: 50 MB a second.</summary>
    public ISlotStorage Storage { get; }

    /// <summary>The prover of our host: 5 s a proof.</summary>
    public IProver Prover { get; }

    /// <remarks>An event that contradicts that a slot is ours is dropped.</remarks>
    public void Happen(RecordedBlock block)
    {
        foreach (var happened in block.Events)
        {
            _chain.Replay(happened);
        }
    }

    public void Dispose() => _chain.Dispose();
}
