using System.Globalization;
using CodexSales.Rx.Hosting.Alerts;

namespace CodexSales.Rx.Hosting.Tests.Alerts;

/// <summary>When an alert begins, goes on and is over, and how often that is told.</summary>
public sealed class AlertBookTests : IDisposable
{
    private static readonly Sign _disk = new(AlertKind.DiskLow, AlertSeverity.Warning, "/data", "Little is free.");
    private static readonly Sign _missed = new(AlertKind.ProofMissed, AlertSeverity.Critical, "slot", "1 proof was missed.");

    private readonly VirtualTime _time = new();
    private readonly AlertBook _book;
    private readonly List<string> _told = [];

    public AlertBookTests()
    {
        _book = new AlertBook(TimeSpan.FromHours(6), _time, error => throw error);
        _book.Told.Subscribe(alert => _told.Add(
            string.Create(CultureInfo.InvariantCulture, $"{alert.Id} {alert.Kind} {(alert.Until is null ? "begun" : alert.IsDismissed ? "dismissed" : "over")}")));
    }

    public void Dispose() => _book.Dispose();

    [Fact]
    public void What_goes_on_is_told_once_and_is_over_a_minute_after_it_was_seen_last()
    {
        See(_disk);
        See(_disk with { Sentence = "Less is free.", Severity = AlertSeverity.Critical });
        Assert.Equal(("Less is free.", AlertSeverity.Critical), (Only.Sentence, Only.Severity));

        _time.AdvanceBy(TimeSpan.FromSeconds(59));
        See();
        Assert.Single(_book.Active.Snapshot.Items);
        _time.AdvanceBy(TimeSpan.FromSeconds(1));
        See();

        Assert.Equal(["1 DiskLow begun", "1 DiskLow over"], _told);
        Assert.Equal(_time.Now, _book.Past[0].Until);
    }

    [Fact]
    public void What_comes_and_goes_within_a_minute_is_one_alert()
    {
        for (var i = 0; i < 10; i++)
        {
            See(_disk);
            _time.AdvanceBy(TimeSpan.FromSeconds(30));
            See();
            _time.AdvanceBy(TimeSpan.FromSeconds(15));
        }

        Assert.Equal(["1 DiskLow begun"], _told);
    }

    [Fact]
    public void What_happened_is_counted_and_is_over_when_it_has_not_happened_again_for_long()
    {
        _book.Note(_missed);
        _time.AdvanceBy(TimeSpan.FromHours(5));
        _book.Note(_missed with { Sentence = "2 proofs were missed." });
        _time.AdvanceBy(TimeSpan.FromHours(5));
        See();

        Assert.Equal((2, "2 proofs were missed."), (Only.Count, Only.Sentence));
        _time.AdvanceBy(TimeSpan.FromHours(1));
        See();
        Assert.Equal(["1 ProofMissed begun", "1 ProofMissed over"], _told);
    }

    [Fact]
    public void What_is_dismissed_is_not_told_again_until_it_was_over_or_happens_again()
    {
        See(_disk);
        Assert.True(_book.Dismiss(1)!.IsDismissed);
        Assert.Null(_book.Dismiss(1));
        _time.AdvanceBy(TimeSpan.FromSeconds(30));
        See(_disk);
        Assert.Empty(_book.Active.Snapshot.Items);

        _time.AdvanceBy(TimeSpan.FromMinutes(1));
        See();
        See(_disk);
        _book.Note(_missed);
        _book.Dismiss(3);
        _book.Note(_missed);

        Assert.Equal(
            ["1 DiskLow begun", "1 DiskLow dismissed", "2 DiskLow begun", "3 ProofMissed begun", "3 ProofMissed dismissed", "4 ProofMissed begun"], _told);
    }

    [Fact]
    public void A_test_begins_anew_each_time_and_is_over_by_itself()
    {
        Assert.Equal(1, _book.Test().Id);
        Assert.Equal(2, _book.Test().Id);
        _time.AdvanceBy(TimeSpan.FromMinutes(1));
        See();

        Assert.Equal(["1 Test begun", "1 Test over", "2 Test begun", "2 Test over"], _told);
    }

    [Fact]
    public void More_than_can_be_active_are_told_by_their_number()
    {
        for (var i = 0; i < 300; i++)
        {
            _book.Note(_missed with { Subject = $"slot {i}" });
        }

        Assert.Equal(SalesAlerts.MostActive, _book.Active.Count);
        var lost = _book.Active.Snapshot.Items.Single(alert => alert.Kind is AlertKind.AlertsLost);
        Assert.Contains("101 are not told", lost.Sentence, StringComparison.Ordinal);
        for (var i = 1; i <= 400; i++)
        {
            _time.AdvanceBy(TimeSpan.FromHours(7));
            See();
            See(_disk with { Subject = $"/{i}" });
        }

        Assert.Equal(SalesAlerts.MostPast, _book.Past.Count);
    }

    [Fact]
    public void Another_process_goes_on_with_what_the_one_before_has_left()
    {
        See(_disk);
        _book.Note(_missed);
        var next = new AlertBook(TimeSpan.FromHours(6), _time, error => throw error);
        var told = new List<Alert>();
        next.Told.Subscribe(told.Add);

        next.Restore(_book.Remember());
        _time.AdvanceBy(TimeSpan.FromMinutes(9));
        next.See([]); // The chain is not found yet.
        next.See([_disk]);
        Assert.Empty(told);
        _time.AdvanceBy(TimeSpan.FromMinutes(1));
        next.See([]);

        Assert.Equal((1, AlertKind.DiskLow), (Assert.Single(told).Id, told[0].Kind));
        next.Note(_missed with { Subject = "another slot" });
        Assert.Equal(3, told[^1].Id);
        next.Dispose();
    }

    private Alert Only => Assert.Single(_book.Active.Snapshot.Items);

    private void See(params Sign[] signs) => _book.See(signs);
}
