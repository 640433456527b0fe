using CodexSales.Rx.Persistence;
using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Testing.Tests.Ports;

/// <summary>The kit's own ports, each with a place at which a test breaks it, and the checks of them in virtual time.</summary>
internal sealed class PortBench : IDisposable
{
    public static readonly Address Us = Address.Parse("0x1111111111111111111111111111111111111111");

    private readonly SimulatedStorage _disk;

    public PortBench()
    {
        _disk = new SimulatedStorage(Time, new SimulatedStorageOptions { BytesPerSecond = 100, CallLatency = TimeSpan.FromSeconds(1) });
        Chain = new SimulatedChain(Time);
    }

    public VirtualTime Time { get; } = new();

    public SimulatedChain Chain { get; }

    public void CheckStorage(Func<ISlotStorage, ISlotStorage>? broken = null) => Time.Run(() => PortContract.CheckStorageAsync(
        broken?.Invoke(_disk) ?? _disk, [Download(0), Download(1)], slot => _disk.Stored.GetValueOrDefault(slot), Time));

    public void CheckProver(Func<IProver, IProver>? broken = null) => Time.Run(() =>
    {
        var prover = new SimulatedProver(Time, TimeSpan.FromSeconds(5));
        return PortContract.CheckProverAsync(
            broken?.Invoke(prover) ?? prover, new SlotKey(default, 1), Challenge(1), Challenge(2), Time,
            verify: (slot, challenge, proof) => proof == ValidProof.Of(slot, challenge));
    });

    /// <summary>While requests come, one in each block.</summary>
    public void CheckMarket(Func<IMarket, IMarket>? broken = null)
    {
        var market = Chain.ConnectHost(Us);
        var slot = new SlotKey(Chain.RequestStorage(SomeRequests.Ask, expirySeconds: 3_000), 0);
        Time.Run(() => market.ReserveSlotAsync(new SlotKey(default, 0), default));
        for (var block = 1; block <= 30; block++)
        {
            Chain.RequestStorage(SomeRequests.Ask, expirySeconds: 3_000);
        }

        Time.Run(() => PortContract.CheckMarketAsync(
            broken?.Invoke(market) ?? market, slot, Time, prove: _ => Task.FromResult(SimulatedProver.AnyProof)));
    }

    public void CheckStore(Func<int, ISalesStore>? begin = null, Func<ISalesStore, ISalesStore>? restart = null) => Time.Run(() =>
        PortContract.CheckStoreAsync(begin ?? (capacity => new MemorySalesStore(capacity)), restart ?? (store => store), Time));

    public static ulong SizeOf(SlotDownload download) => download.Request.Ask.SlotSizeBytes;

    public void Dispose() => Chain.Dispose();

    private static SlotDownload Download(ulong index) =>
        new(new SlotKey(default, index), SomeRequests.Request, new UnixSeconds(2_000_000_000), IsRepair: false);

    private static Bytes32 Challenge(byte last) => Bytes32.Parse($"0x{last:x64}");
}
