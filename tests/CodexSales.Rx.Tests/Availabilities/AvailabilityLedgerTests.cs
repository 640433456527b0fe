using System.Reactive;

namespace CodexSales.Rx.Tests.Availabilities;

public sealed class AvailabilityLedgerTests
{
    internal static readonly Availability Wide = new()
    {
        Id = new AvailabilityId("wide"),
        TotalBytes = 100,
        MaxDurationSeconds = 100,
        MinPricePerBytePerSecond = 1,
        TotalCollateral = 100,
    };

    [Fact]
    public void Random_programs_keep_the_books_as_a_plain_model_does()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            using var program = new LedgerProgram(seed);
            program.Run(steps: 60);
        }
    }

    [Fact]
    public void A_change_is_made_of_what_is_there_when_its_turn_comes_and_a_fault_in_it_is_its_own()
    {
        var time = new VirtualTime();
        var ledger = new AvailabilityLedger(time, error => throw error);
        ledger.Save(Wide);
        var (price, size) = (
            ledger.ChangeAsync(Wide.Id, before => before with { MinPricePerBytePerSecond = 7 }),
            ledger.ChangeAsync(Wide.Id, before => before with { TotalBytes = 50 }));
        var failed = ledger.ChangeAsync(Wide.Id, _ => throw new InvalidTimeZoneException("its own"));
        var renamed = ledger.ChangeAsync(Wide.Id, before => before with { Id = new AvailabilityId("other") });
        var unknown = ledger.ChangeAsync(new AvailabilityId("other"), before => before);
        time.RunDue();

        Assert.True(price.IsCompletedSuccessfully && size.IsCompletedSuccessfully);
        Assert.Equal(Wide with { MinPricePerBytePerSecond = 7, TotalBytes = 50 }, Assert.Single(ledger.Snapshot).Availability);
        Assert.IsType<InvalidTimeZoneException>(failed.Exception!.InnerException);
        Assert.Contains("'wide' would be 'other'", renamed.Exception!.InnerException!.Message, StringComparison.Ordinal);
        Assert.Equal(LedgerRefusal.Unknown, Assert.IsType<LedgerRefused>(time.Run(() => unknown)).Reason);
    }

    [Fact]
    public void Of_two_that_add_one_of_the_same_name_the_second_is_refused()
    {
        var time = new VirtualTime();
        var ledger = new AvailabilityLedger(time, error => throw error);

        var (first, second) = (ledger.AddAsync(Wide), ledger.AddAsync(Wide with { TotalBytes = 50 }));
        time.RunDue();

        Assert.IsType<LedgerChanged>(time.Run(() => first));
        Assert.Equal(LedgerRefusal.NameTaken, Assert.IsType<LedgerRefused>(time.Run(() => second)).Reason);
        Assert.Equal(Wide, Assert.Single(ledger.Snapshot).Availability);
    }

    [Fact]
    public void A_change_does_not_undo_that_it_is_being_drained()
    {
        var time = new VirtualTime();
        var ledger = new AvailabilityLedger(time, error => throw error);
        ledger.Save(Wide);
        ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _);
        ledger.Drain(Wide.Id);

        var changed = ledger.ChangeAsync(Wide.Id, before => before with { MinPricePerBytePerSecond = 7 });
        time.RunDue();

        Assert.Equal(LedgerRefusal.Draining, Assert.IsType<LedgerRefused>(time.Run(() => changed)).Reason);
        Assert.True(Assert.Single(ledger.Snapshot).IsDraining);
    }

    [Theory]
    [InlineData("save")]
    [InlineData("remove")]
    [InlineData("drain")]
    public void To_cancel_an_edit_ends_the_wait_for_the_store_and_the_decision_stands(string edit)
    {
        using var cancelling = new CancellationTokenSource();
        using var written = new Subject<Unit>();
        var time = new VirtualTime();
        var changes = new List<StoreChange>();
        var ledger = new AvailabilityLedger(time, error => throw error, change =>
        {
            changes.Add(change);
            return written;
        });
        if (edit != "save")
        {
            ledger.Save(Wide);
            changes.Clear();
        }

        var answer = Edit(ledger, edit, cancelling.Token);
        time.RunDue();
        Assert.False(answer.IsCompleted);
        cancelling.Cancel();

        Assert.True(answer.IsCanceled);
        Assert.Equal(edit == "save" ? 1 : 0, ledger.Snapshot.Count);
        Assert.Single(changes);
        written.OnNext(Unit.Default);
        Assert.True(answer.IsCanceled);
        Assert.Equal(edit == "save" ? 1 : 0, ledger.Snapshot.Count);
    }

    [Theory]
    [InlineData("save")]
    [InlineData("remove")]
    [InlineData("drain")]
    public void An_edit_that_is_cancelled_before_its_turn_is_made_and_one_that_is_cancelled_before_the_call_is_not(string edit)
    {
        using var cancelling = new CancellationTokenSource();
        var time = new VirtualTime();
        var ledger = new AvailabilityLedger(time, error => throw error);
        if (edit != "save")
        {
            ledger.Save(Wide);
        }

        var before = ledger.Snapshot.Count;
        var answer = Edit(ledger, edit, cancelling.Token);
        cancelling.Cancel();
        Assert.True(answer.IsCanceled);
        Assert.Equal(before, ledger.Snapshot.Count);
        time.RunDue();
        Assert.Equal(1 - before, ledger.Snapshot.Count);

        Assert.True(Edit(ledger, before == 0 ? "remove" : "save", cancelling.Token).IsCanceled);
        time.RunDue();
        Assert.Equal(1 - before, ledger.Snapshot.Count);
    }

    public static TheoryData<LedgerRefusal, string, Func<AvailabilityLedger, LedgerAnswer>> Impossible => new()
    {
        {
            LedgerRefusal.BelowWhatIsHeld, "Availability 'wide' can't shrink to 2 bytes: its sales hold 3.",
            ledger => ledger.Save(Wide with { TotalBytes = 2 })
        },
        {
            LedgerRefusal.BelowWhatIsHeld, "Availability 'wide' can't go down to a collateral of 0: its sales hold 1.",
            ledger => ledger.Save(Wide with { TotalCollateral = 0 })
        },
        {
            LedgerRefusal.EndsBeforeItsSales, "Availability 'wide' can't end at 2000: the last of its sales ends at 2001.",
            ledger => ledger.Save(Wide with { Until = new UnixSeconds(2_000) })
        },
        {
            LedgerRefusal.EndsInThePast, "Availability 'late' would be over already: it ends at 999, and it is 1000 on the chain.",
            ledger => ledger.Save(Wide with { Id = new AvailabilityId("late"), Until = new UnixSeconds(999) })
        },
        {
            LedgerRefusal.EndsInThePast, "Availability 'idle' would be over already: it ends at 999, and it is 1000 on the chain.",
            ledger => ledger.Save(Wide with { Id = new AvailabilityId("idle"), Until = new UnixSeconds(999) })
        },
        {
            LedgerRefusal.NoSpace, "Availability 'idle' has no space: no slot fits into 0 bytes.",
            ledger => ledger.Save(Wide with { Id = new AvailabilityId("idle"), TotalBytes = 0 })
        },
        {
            LedgerRefusal.NoDuration, "Availability 'new' takes no request: its longest duration is 0 s.",
            ledger => ledger.Save(Wide with { Id = new AvailabilityId("new"), MaxDurationSeconds = 0 })
        },
        {
            LedgerRefusal.NoCollateral, "Availability 'new' has a collateral of 0: every slot wants some.",
            ledger => ledger.Save(Wide with { Id = new AvailabilityId("new"), TotalCollateral = 0 })
        },
        { LedgerRefusal.NoName, "An availability needs a name.", ledger => ledger.Save(Wide with { Id = default }) },
        { LedgerRefusal.InUse, "Availability 'wide' can't be removed: 1 sales use it.", ledger => ledger.Remove(Wide.Id) },
        { LedgerRefusal.Unknown, "There is no availability 'none'.", ledger => ledger.Remove(new AvailabilityId("none")) },
        { LedgerRefusal.Unknown, "There is no availability 'none'.", ledger => ledger.Drain(new AvailabilityId("none")) },
        { LedgerRefusal.Unknown, "There is no availability ''.", ledger => ledger.Drain(default) },
    };

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public void An_edit_that_can_not_be_is_refused_with_its_reason_and_a_sentence_and_changes_nothing(
        LedgerRefusal reason, string sentence, Func<AvailabilityLedger, LedgerAnswer> edit)
    {
        var remembered = new List<StoreChange>();
        var ledger = new AvailabilityLedger(
            new VirtualTime(),
            error => throw error,
            change =>
            {
                remembered.Add(change);
                return Observable.Return(Unit.Default);
            },
            () => new UnixSeconds(1_000));
        ledger.Save(Wide);
        ledger.Save(Wide with { Id = new AvailabilityId("idle") });
        ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 2_001), 0, out _);
        var (before, count) = (ledger.Snapshot, remembered.Count);

        Assert.Equal(new LedgerRefused(reason, sentence), edit(ledger));

        Assert.Equal(before, ledger.Snapshot);
        Assert.Equal(count, remembered.Count);
    }

    [Fact]
    public void An_availability_that_is_over_can_still_be_changed_in_everything_else()
    {
        var now = new UnixSeconds(1_000);
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error, chainTime: () => now);
        var offer = Wide with { Until = now };
        ledger.Save(offer);
        now = now.Plus(1);

        Assert.IsType<LedgerChanged>(ledger.Save(offer with { IsDisabled = true }));
        Assert.IsType<LedgerChanged>(ledger.Save(offer with { Until = now }));
    }

    private static Task<LedgerAnswer> Edit(AvailabilityLedger ledger, string edit, CancellationToken token) => edit switch
    {
        "save" => ledger.SaveAsync(Wide, token),
        "remove" => ledger.RemoveAsync(Wide.Id, token),
        _ => ledger.DrainAsync(Wide.Id, token),
    };
}
