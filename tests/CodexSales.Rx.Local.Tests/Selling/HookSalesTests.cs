using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Local.Tests.Hooks;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Local.Tests.Selling;

/// <summary>
/// A hook that misbehaves costs one sale: it ends with the reason, the worker is free, and the next slot is sold.
/// </summary>
public sealed class HookSalesTests : IDisposable
{
    private const string Proof =
        "{\"proof\":{\"ax\":\"1\",\"ay\":\"2\",\"bxReal\":\"3\",\"bxImaginary\":\"4\",\"byReal\":\"5\",\"byImaginary\":\"6\","
        + "\"cx\":\"7\",\"cy\":\"8\"}}";

    private readonly SharedVirtualTime _time = new();
    private readonly HookBench _bench;

    public HookSalesTests() => _bench = new HookBench(_time);

    [Theory]
    [InlineData("kill -9 $$", "ended by signal 9 (exit code 137).")]
    [InlineData("echo garbage", "wrote 'garbage', which is no answer: it is no JSON object on one line.")]
    [InlineData("exec cat /dev/zero", "wrote a line of more than 65536 bytes on its standard output, and was ended.")]
    [InlineData("echo 'disk on fire' >&2; exit 3", "ended with exit code 3. Its standard error ends with: 'disk on fire'.")]
    [InlineData("echo '{\"error\":\"no peer has it\"}'", "says: no peer has it.")]
    public void A_store_hook_that_fails_costs_one_sale(string misbehave, string sentence) => CostsOneSale(
        Storage(_bench.Script($"{OnlyTheFirstTime(misbehave)}; echo '{{\"done\":true}}'")),
        _bench.Prover($"echo '{Proof}'"),
        SaleReason.DownloadFailed,
        $"The slot's data could not be fetched: The store hook '/bin/sh' {sentence}");

    [Fact]
    public void A_store_hook_that_hangs_costs_one_sale()
    {
        var storage = Storage(_bench.Script(
            $"{OnlyTheFirstTime("echo '{\"written\":1}'; sleep 1000")}; echo '{{\"done\":true}}'"));
        using var sales = new RealSales(_time, storage, _bench.Prover($"echo '{Proof}'"));

        CostsOneSale(
            sales,
            () =>
            {
                sales.RunUntil(() => sales.Balance.UsedBytes == 1);
                _time.Advance(TimeSpan.FromMinutes(5));
            },
            SaleReason.DownloadFailed,
            "The slot's data could not be fetched: The store hook '/bin/sh' took longer than 00:05:00, and was ended.");
    }

    [Fact]
    public void A_store_hook_that_stalls_is_ended_by_the_pipelines_own_deadline()
    {
        var hook = _bench.Script($"{OnlyTheFirstTime("echo '{\"written\":1}'; sleep 1000")}; echo '{{\"done\":true}}'");
        using var sales = new RealSales(
            _time, Storage(hook with { TimeLimit = TimeSpan.FromHours(9) }), _bench.Prover($"echo '{Proof}'"));

        CostsOneSale(
            sales,
            () =>
            {
                sales.RunUntil(() => sales.Balance.UsedBytes == 1);
                _time.Advance(new SellingOptions().DownloadStallDeadline);
            },
            SaleReason.DeadlinePassed,
            "The slot's data took too long to fetch: The slot's data can't be whole in time: 1 bytes came in 00:10:00, "
                + "and 999 of 1000 are missing.");
    }

    [Fact]
    public void A_store_hook_that_is_missing_sells_nothing_and_keeps_no_worker()
    {
        using var sales = new RealSales(
            _time,
            Storage(_bench.Script("") with { Program = _bench.Folder["missing"] }),
            _bench.Prover($"echo '{Proof}'"));
        var (first, second) = (sales.Request(price: 9), sales.Request(price: 5));

        sales.RunUntil(() => sales.EndOf(first) is not null && sales.EndOf(second) is not null);

        Assert.Equal(
            $"The slot's data could not be fetched: The store hook '{_bench.Folder["missing"]}' can't be started: "
                + "No such file or directory.",
            sales.EndOf(second)!.Detail);
        AssertNothingIsHeld(sales);
    }

    [Theory]
    [InlineData("exit 1", "ended with exit code 1.")]
    [InlineData("kill -9 $$", "ended by signal 9 (exit code 137).")]
    [InlineData("exec cat /dev/zero", "wrote a line of more than 65536 bytes on its standard output, and was ended.")]
    [InlineData("echo '{\"done\":true}'",
        "wrote '{\"done\":true}', which is no answer: {\"proof\":{…}} or {\"error\":\"…\"} is expected.")]
    public void A_prove_hook_that_fails_at_first_costs_one_sale(string misbehave, string sentence) => CostsOneSale(
        Storage(_bench.Script("echo '{\"done\":true}'")),
        _bench.Prover($"{OnlyTheFirstTime($"{misbehave}; exit 0")}; echo '{Proof}'"),
        SaleReason.ProofFailed,
        $"The first proof could not be made: The prove hook '/bin/sh' {sentence}");

    [Fact]
    public void A_prove_hook_that_is_missing_sells_nothing_and_keeps_no_worker()
    {
        var prover = new HookProver(_bench.Script("") with { Program = _bench.Folder["missing"] }, _time);
        using var sales = new RealSales(_time, Storage(_bench.Script("echo '{\"done\":true}'")), prover);
        var (first, second) = (sales.Request(price: 9), sales.Request(price: 5));

        sales.RunUntil(() => sales.EndOf(first) is not null && sales.EndOf(second) is not null);

        Assert.Equal(
            (SaleReason.ProofFailed,
                $"The first proof could not be made: The prove hook '{_bench.Folder["missing"]}' can't be started: "
                    + "No such file or directory."),
            (sales.EndOf(second)!.Reason, sales.EndOf(second)!.Detail));
        AssertNothingIsHeld(sales);
    }

    [Theory]
    [InlineData("exit 3")]
    [InlineData("kill -9 $$")]
    [InlineData("echo garbage")]
    [InlineData("exec cat /dev/zero")]
    public void A_clear_hook_that_fails_is_run_again_until_the_data_is_gone(string misbehave)
    {
        var storage = new HookStorage(
            new HookStorageOptions
            {
                Store = _bench.Script("echo '{\"error\":\"no peer has it\"}'"),
                KeepUntil = _bench.Script("echo '{\"done\":true}'"),
                Clear = _bench.Script($"{OnlyTheFirstTime($"{misbehave}; exit 0")}; echo '{{\"done\":true}}'"),
            },
            _time);
        using var sales = new RealSales(_time, storage, _bench.Prover($"echo '{Proof}'"));
        var troubles = new List<SaleTrouble>();
        using var watch = sales.Pipeline.Troubles.Subscribe(troubles.Add);
        var request = sales.Request(price: 9);

        sales.RunUntil(() => sales.EndOf(request) is not null);

        Assert.Equal(SaleReason.DownloadFailed, sales.EndOf(request)!.Reason);
        Assert.Collection(
            troubles,
            trouble => Assert.StartsWith("The store hook", trouble.Error.Message, StringComparison.Ordinal),
            trouble => Assert.StartsWith("The clear hook", trouble.Error.Message, StringComparison.Ordinal));
        AssertNothingIsHeld(sales);
    }

    [Fact]
    public void A_prove_hook_that_hangs_at_first_costs_one_sale()
    {
        var prover = _bench.Prover($"{OnlyTheFirstTime(": > hanging; sleep 1000")}; echo '{Proof}'");
        using var sales = new RealSales(_time, Storage(_bench.Script("echo '{\"done\":true}'")), prover);

        CostsOneSale(
            sales,
            () =>
            {
                sales.RunUntil(() => sales.Steps.Exists(step => step.State == SaleStateName.SaleInitialProving));

                // The challenge comes within two periods. The process takes a while to start, in which no time passes.
                for (var seconds = 0; !File.Exists(_bench.Folder["hanging"]); seconds++)
                {
                    _time.Advance(TimeSpan.FromSeconds(seconds < 300 ? 1 : 0));
                }

                _time.Advance(TimeSpan.FromMinutes(5));
            },
            SaleReason.ProofFailed,
            "The first proof could not be made: The prove hook '/bin/sh' took longer than 00:05:00, and was ended.");
    }

    [Theory]
    [InlineData(false, HostPort.Storage, "The store hook '/bin/sh' ended with exit code 3.")]
    [InlineData(true, HostPort.Prover, "The prove hook '/bin/sh' ended with exit code 3.")]
    public void After_three_failures_in_a_row_of_a_hook_nothing_new_is_begun(bool stores, HostPort port, string sentence)
    {
        using var sales = new RealSales(
            _time, Storage(_bench.Script(stores ? "echo '{\"done\":true}'" : "exit 3")), _bench.Prover("exit 3"));
        for (ulong price = 9; price > 0; price--)
        {
            sales.Request(price);
        }

        sales.RunUntil(() => sales.Steps.Count(step => step.End is not null) == 3);

        var health = sales.Pipeline.Health;
        Assert.Equal(IdleReason.PortsFail, health.Workers.Idle);
        Assert.Equal((port, 3, sentence), (health.FailingPorts[0].Port, health.FailingPorts[0].Failures, health.FailingPorts[0].LastError));
        Assert.Contains(sentence.TrimEnd('.'), $"{health}");
    }

    [Fact]
    public void A_whole_sale_is_made_of_hooks_and_paid()
    {
        using var sales = new RealSales(
            _time,
            Storage(_bench.Script("echo store >> calls; echo '{\"done\":true}'")),
            _bench.Prover($"echo '{Proof}'"));
        var request = sales.Request(price: 9);

        sales.RunUntil(() => sales.EndOf(request) is not null);

        Assert.Equal(SaleReason.Paid, sales.EndOf(request)!.Reason);
        Assert.Equal("store\nkeepUntil\nclear\n", File.ReadAllText(_bench.Folder["calls"]));
        AssertNothingIsHeld(sales);
    }

    public void Dispose() => _bench.Dispose();

    // Runs a script once, and never again. What it leaves of the line is for those who come later.
    private static string OnlyTheFirstTime(string script) => $"[ -e first ] || {{ : > first; {script}; exit 0; }}";

    private HookStorage Storage(HookCommand store) => new(
        new HookStorageOptions
        {
            Store = store,
            KeepUntil = _bench.Script("echo keepUntil >> calls; echo '{\"done\":true}'"),
            Clear = _bench.Script("echo clear >> calls; echo '{\"done\":true}'"),
        },
        _time);

    private void CostsOneSale(HookStorage storage, HookProver prover, SaleReason reason, string detail)
    {
        using var sales = new RealSales(_time, storage, prover);
        CostsOneSale(sales, () => { }, reason, detail);
    }

    private static void CostsOneSale(RealSales sales, Action meanwhile, SaleReason reason, string detail)
    {
        var (first, second) = (sales.Request(price: 9), sales.Request(price: 5));

        meanwhile();
        sales.RunUntil(() => sales.Has(second, SaleStateName.SaleFilled));

        Assert.Null(sales.Failure);
        Assert.Equal((reason, detail), (sales.EndOf(first)!.Reason, sales.EndOf(first)!.Detail));
        sales.RunUntil(() => sales.Has(second, SaleStateName.SaleProving));
        Assert.Equal(0, sales.Pipeline.Workers.Snapshot.Busy);
        Assert.Equal((1, 1_000UL), (sales.Balance.Sales, sales.Balance.UsedBytes));
    }

    private static void AssertNothingIsHeld(RealSales sales)
    {
        Assert.Null(sales.Failure);
        Assert.Equal(0, sales.Pipeline.Workers.Snapshot.Busy);
        Assert.Equal(
            (0UL, 0UL, UInt256.Zero, 0),
            (sales.Balance.HeldBytes, sales.Balance.UsedBytes, sales.Balance.HeldCollateral, sales.Balance.Sales));
    }
}
