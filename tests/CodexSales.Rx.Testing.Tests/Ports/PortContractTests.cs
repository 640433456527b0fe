using CodexSales.Rx.Persistence;

namespace CodexSales.Rx.Testing.Tests.Ports;

/// <summary>The checkers of ports: what keeps the rules passes, and each broken rule is named.</summary>
public sealed class PortContractTests
{
    private static readonly Groth16Proof Zeros = new(0, 0, 0, 0, 0, 0, 0, 0);

    private static readonly Dictionary<string, (PortRule Rule, Action<PortBench> Check)> Broken = new()
    {
        ["Storage throws when it is to delete"] = (PortRule.FailsItsTask, bench => bench.CheckStorage(disk => new BrokenStorage(disk)
        {
            OnClear = (_, _, _) => throw new IOException("The disk is gone."),
        })),
        ["Storage gives no task when it is to keep"] = (PortRule.GivesATask, bench => bench.CheckStorage(disk => new BrokenStorage(disk)
        {
            OnKeep = (_, _, _) => null!,
        })),
        ["Storage never answers when it is to keep"] = (PortRule.ComesToAnEnd, bench => bench.CheckStorage(disk => new BrokenStorage(disk)
        {
            OnKeep = (_, _, _) => new TaskCompletionSource().Task,
        })),
        ["Storage fails where there is nothing to delete"] = (PortRule.Works, bench => bench.CheckStorage(disk =>
        {
            var cleared = new HashSet<SlotKey>();
            return new BrokenStorage(disk)
            {
                OnClear = (real, slot, ct) => cleared.Add(slot)
                    ? real(ct)
                    : Task.FromException(new FileNotFoundException("There is no such file.")),
            };
        })),
        ["Storage tells more after its end"] = (PortRule.NotifiesOneAtATime, bench => bench.CheckStorage(disk => new BrokenStorage(disk)
        {
            OnStore = (_, real) => new RudeObservable(real),
        })),
        ["Storage whose progress goes back"] = (PortRule.ProgressNeverGoesBack, bench => bench.CheckStorage(disk => new BrokenStorage(disk)
        {
            OnStore = (_, real) => real.SelectMany(written => new[] { written, written / 2, written }),
        })),
        ["Storage that writes more than the slot"] = (PortRule.WritesNoMoreThanTheSlot, bench => bench.CheckStorage(disk => new BrokenStorage(disk)
        {
            OnStore = (download, real) => real.Concat(Observable.Return(PortBench.SizeOf(download) + 1)),
        })),
        ["Storage that completes half way"] = (PortRule.CompletesWhenAllIsThere, bench => bench.CheckStorage(disk => new BrokenStorage(disk)
        {
            OnStore = (_, real) => real.Take(2),
        })),
        ["Storage that tells all before it is there"] = (PortRule.CompletesWhenAllIsThere, bench => bench.CheckStorage(disk => new BrokenStorage(disk)
        {
            OnStore = (download, real) => real.Take(2).Concat(Observable.Return(PortBench.SizeOf(download))),
        })),
        ["Storage that completes without a value"] = (PortRule.CompletesWhenAllIsThere, bench => bench.CheckStorage(disk => new BrokenStorage(disk)
        {
            OnStore = (_, real) => real.IgnoreElements(),
        })),
        ["Storage that deletes what it is to keep"] = (PortRule.KeepsWhatItIsToKeep, bench => bench.CheckStorage(disk => new BrokenStorage(disk)
        {
            OnKeep = (_, slot, ct) => disk.ClearAsync(slot, ct),
        })),
        ["Storage that deletes nothing"] = (PortRule.ClearsAll, bench => bench.CheckStorage(disk => new BrokenStorage(disk)
        {
            OnClear = (_, _, _) => Task.CompletedTask,
        })),
        ["Storage that deletes everything"] = (PortRule.ClearsNothingElse, bench => bench.CheckStorage(disk => new BrokenStorage(disk)
        {
            OnClear = async (_, slot, ct) =>
            {
                await disk.ClearAsync(new SlotKey(default, 0), ct);
                await disk.ClearAsync(new SlotKey(default, 1), ct);
            },
        })),
        ["Storage that goes on when it is left"] = (PortRule.StopsWhenLeft, bench => bench.CheckStorage(disk => new BrokenStorage(disk)
        {
            OnStore = (_, real) => Observable.Create<ulong>(observer =>
            {
                real.Subscribe(observer);
                return () => { };
            }),
        })),
        ["A prover that gives null"] = (PortRule.GivesAnAnswer, bench => bench.CheckProver(_ => new BrokenProver(
            (_, _, _) => Task.FromResult<Groth16Proof>(null!)))),
        ["A prover that gives eight zeros"] = (PortRule.ProvesSomething, bench => bench.CheckProver(_ => new BrokenProver(
            (_, _, _) => Task.FromResult(Zeros)))),
        ["A prover of one challenge"] = (PortRule.ProvesItsChallenge, bench => bench.CheckProver(real => new BrokenProver(
            (slot, _, ct) => real.ProveAsync(slot, default, ct)))),
        ["A prover that mixes up two challenges at once"] = (PortRule.ProvesItsChallenge, bench => bench.CheckProver(real =>
        {
            var last = default(Bytes32);
            return new BrokenProver(async (slot, challenge, ct) =>
            {
                last = challenge;
                await real.ProveAsync(slot, challenge, ct);
                return await real.ProveAsync(slot, last, ct);
            });
        })),
        ["A prover that never hears that nobody waits"] = (PortRule.EndsWhenCancelled, bench => bench.CheckProver(real => new BrokenProver(
            (slot, challenge, ct) => ct.CanBeCanceled
                ? new TaskCompletionSource<Groth16Proof>().Task
                : real.ProveAsync(slot, challenge, ct)))),
        ["A market whose first block never comes"] = (PortRule.TellsHeads, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnHeads = _ => Observable.Never<BlockStamp>(),
        })),
        ["A market that tells one block only"] = (PortRule.TellsHeads, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnHeads = heads => heads.Take(1).Concat(Observable.Never<BlockStamp>()),
        })),
        ["A market that tells each block twice"] = (PortRule.TellsHeadsInOrder, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnHeads = heads => heads.SelectMany(head => new[] { head, head }),
        })),
        ["A market whose final blocks are not there yet"] = (PortRule.TellsFinalHeadsInOrder, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnFinalHeads = finals => finals.Select(final => final with { Number = final.Number + 1_000 }),
        })),
        ["A market that never tells that a block was told"] = (PortRule.TellsOfEachBlock, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnEvents = events => events.Where(happened => happened is not BlockTold),
        })),
        ["A market that tells events out of order"] = (PortRule.TellsEventsInOrder, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnEvents = events => events.Buffer(2).SelectMany(pair => pair.Reverse()),
        })),
        ["A market that tells events twice"] = (PortRule.TellsEventsOnce, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnEvents = events => events.SelectMany(happened =>
                happened is StorageRequested ? new[] { happened, happened } : [happened]),
        })),
        ["A market that keeps a fill to itself"] = (PortRule.TellsEveryEvent, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnEvents = events => events.Where(happened => happened is not SlotFilled),
        })),
        ["A market that answers as of the block before"] = (PortRule.AnswersAsOfTheBlock, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnSlot = async (answer, asOf) =>
            {
                var view = await answer(asOf);
                return view with { AsOf = view.AsOf with { Number = view.AsOf.Number - 1 } };
            },
        })),
        ["A market that answers as of the newest block"] = (PortRule.AnswersOfNoOtherBlock, bench => bench.CheckMarket(real =>
        {
            var head = default(BlockStamp);
            return new BrokenMarket(real)
            {
                OnHeads = heads => heads.Do(newest => head = newest),
                OnSlot = async (answer, asOf) => await answer(head) with { AsOf = asOf },
            };
        })),
        ["A market that answers now so and now so"] = (PortRule.AnswersAlike, bench => bench.CheckMarket(real =>
        {
            var answers = 0UL;
            return new BrokenMarket(real) { OnSlot = async (answer, asOf) => await answer(asOf) with { MissedProofs = answers++ } };
        })),
        ["A market that has errors of its own"] = (PortRule.SaysThatItIsUnavailable, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnSlot = (_, _) => Task.FromException<SlotView>(new TimeoutException("The node is slow.")),
        })),
        ["A market that gives null for its slots"] = (PortRule.GivesAnAnswer, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnMySlots = _ => Task.FromResult<IReadOnlyList<SlotId>>(null!),
        })),
        ["A market that does not list a slot"] = (PortRule.ListsItsSlots, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnMySlots = _ => Task.FromResult<IReadOnlyList<SlotId>>([]),
        })),
        ["A market that throws what the contract refuses"] = (PortRule.TellsOutcomesAsValues, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnFill = async fill =>
            {
                var outcome = await fill();
                return outcome is TransactionRefused refused ? throw new InvalidOperationException(refused.Detail) : outcome;
            },
        })),
        ["A market whose fill says that it landed and did not"] = (PortRule.LandsWhatItSaysHasLanded, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnFill = _ => Task.FromResult<TransactionOutcome>(new TransactionLanded(bench.Chain.NewestBlock)),
        })),
        ["A market whose fill landed in a block that never comes"] = (PortRule.LandsWhatItSaysHasLanded, bench => bench.CheckMarket(real => new BrokenMarket(real)
        {
            OnFill = async fill => await fill() is TransactionLanded landed
                ? new TransactionLanded(landed.Block with { Number = landed.Block.Number + 1_000_000 })
                : throw new InvalidOperationException("It did not land."),
        })),
        ["A store that is not empty"] = (PortRule.BeginsEmpty, bench => bench.CheckStore(_ => new BrokenStore
        {
            OnLoad = stored => stored with { LastNumber = 1 },
        })),
        ["A store that forgets the last change"] = (PortRule.RemembersEveryField, bench => bench.CheckStore(_ => new BrokenStore
        {
            OnSave = (store, changes, ct) => store.SaveAsync([.. changes.Take(changes.Count / 2)], ct),
        })),
        ["A store that confirms what is not written"] = (PortRule.OutlivesARestart, bench => bench.CheckStore(
            restart: _ => new MemorySalesStore())),
        ["A store that changes the order"] = (PortRule.KeepsTheOrder, bench => bench.CheckStore(_ => new BrokenStore
        {
            OnLoad = stored => stored with { Availabilities = [.. stored.Availabilities.Reverse()] },
        })),
        ["A store that makes changes in another order"] = (PortRule.MakesChangesInOrder, bench => bench.CheckStore(_ => new BrokenStore
        {
            OnSave = (store, changes, ct) => store.SaveAsync([.. changes.Reverse()], ct),
        })),
        ["A store that makes half of what is cancelled"] = (PortRule.MakesAllOrNone, bench => bench.CheckStore(_ => new BrokenStore
        {
            OnSave = (store, changes, ct) => store.SaveAsync(
                ct.IsCancellationRequested || ct.CanBeCanceled ? [.. changes.Take(changes.Count / 2)] : changes, ct),
        })),
        ["A store that holds on to what is over"] = (PortRule.LetsGoOfWhatIsOver, bench => bench.CheckStore(_ => new BrokenStore
        {
            OnSave = (store, changes, ct) => store.SaveAsync([.. changes.Where(change => change is not AvailabilityRemoved)], ct),
        })),
        ["A store whose history begins with the oldest"] = (PortRule.PagesHistory, bench => bench.CheckStore(_ => new BrokenStore
        {
            OnHistory = page => [.. page.Reverse()],
        })),
        ["A store whose history knows no bounds"] = (PortRule.ForgetsTheOldestFirst, bench => bench.CheckStore(_ => new BrokenStore())),
        ["A store that forgets totals"] = (PortRule.CountsTotals, bench => bench.CheckStore(_ => new BrokenStore
        {
            OnLoad = stored => stored with { Totals = [] },
        })),
        ["A store that forgets the last number"] = (PortRule.KnowsTheLastNumber, bench => bench.CheckStore(_ => new BrokenStore
        {
            OnLoad = stored => stored with { LastNumber = stored.Sales.Select(sale => sale.Number).DefaultIfEmpty(0L).Max() },
        })),
        ["A store that forgets lost slots"] = (PortRule.TellsLostSlots, bench => bench.CheckStore(_ => new BrokenStore
        {
            OnLoad = stored => stored with { LostSlots = [] },
        })),
    };

    public static TheoryData<string> Names { get; } = [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_broken_port_is_noticed_by_the_rule_that_it_breaks(string name)
    {
        using var bench = new PortBench();
        var (rule, check) = Broken[name];

        var broken = Assert.Throws<ContractViolationException>(() => check(bench));

        Assert.Contains(broken.Violations, violation => violation.Rule == rule);
        Assert.Contains($"- {rule}: ", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_rule_is_broken_by_some_port() =>
        Assert.Empty(Enum.GetValues<PortRule>().Except(Broken.Values.Select(broken => broken.Rule)));

    [Fact]
    public void The_ports_of_the_kit_keep_the_rules()
    {
        using var bench = new PortBench();

        bench.CheckStorage();
        bench.CheckProver();
        bench.CheckMarket();
        bench.CheckStore();
    }

    /// <summary>Has one more word after its end.</summary>
    private sealed class RudeObservable(IObservable<ulong> real) : IObservable<ulong>
    {
        public IDisposable Subscribe(IObserver<ulong> observer) => real.Subscribe(
            observer.OnNext,
            observer.OnError,
            () =>
            {
                observer.OnCompleted();
                observer.OnNext(0);
            });
    }
}
