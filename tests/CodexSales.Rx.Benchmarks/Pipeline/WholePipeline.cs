using BenchmarkDotNet.Attributes;

namespace CodexSales.Rx.Benchmarks.Pipeline;

/// <summary>
/// Sales from the market's event to the end that is told to the host, in virtual time: four calls of the market each,
/// the last of which says that the slot has all its reservations.
/// </summary>
public class WholePipeline
{
    private const int SalesPerRun = 10_000;

    private BusyProvider _provider = new();

    [GlobalSetup]
    public void Start() => _provider = new BusyProvider();

    [Benchmark(OperationsPerInvoke = SalesPerRun)]
    public long Sell() => _provider.Sell(SalesPerRun);
}
