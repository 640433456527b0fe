namespace CodexSales.Rx.Web.Browser.Tests;

[Collection(nameof(Selling))]
public sealed class FollowingTests(Fixture fixture)
{
    private const int SomeChangeSets = 500;
    private const int ManyChangeSets = 8_000;

    // A change set with its availability has some hundred bytes, and each viewer would keep it.
    private const int LessThanAChangeSet = 200;

    [Fact]
    public async Task The_page_follows_a_host_that_sells()
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/sales");
        var begun = fixture.App.Host.Steps.Where(step => step.State is SaleStateName.SaleProving).FirstAsync().ToTask();
        fixture.App.Host.Speed!.Set(600);
        var sale = await begun;
        fixture.App.Host.Speed.Set(60);
        await viewer.Page.Locator("#find").FillAsync($"{sale.Sale.Slot.RequestId}");
        await Expect(viewer.Page.Locator("tbody tr", new() { HasText = sale.Sale.Slot.ToShortString() }).First).ToBeVisibleAsync();
        Assert.Empty(viewer.Errors);
    }

    [Fact]
    public async Task The_queue_flashes_what_has_changed_and_tells_why()
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/queue");
        fixture.App.Host.Speed!.Set(600);
        await Expect(viewer.Page.Locator(".card .steps li").First).ToBeVisibleAsync();
        await Expect(viewer.Page.Locator("tbody tr[class*=flash]").First).ToBeVisibleAsync();
        fixture.App.Host.Speed.Set(60);
        await Picture.TakeAsync(viewer.Page, "queue-changing");
        Assert.Empty(viewer.Errors);
    }

    [Fact]
    public async Task One_viewer_too_many_is_told_so()
    {
        await using var app = await SellingApp.StartAsync(hasSold: false, ("CodexSales:Web:MaxViewers", "2"));
        await using var first = await Viewer.OpenAsync(fixture.Chromium, app, "/");
        await using var second = await Viewer.OpenAsync(fixture.Chromium, app, "/");
        await using var third = await Viewer.OpenAsync(fixture.Chromium, app, "/");
        await Expect(third.Page.Locator("h1")).ToHaveTextAsync("As many look at this host as may: 2");
        await Expect(second.Page.Locator("nav")).ToBeVisibleAsync();
    }

    /// <summary>Counts, not a clock: the minutes of it are a command of this program.</summary>
    [Fact]
    public async Task Many_change_sets_leave_no_more_in_the_browser_and_on_the_server_than_some()
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/space");
        await ChangeAsync(SomeChangeSets);
        var (some, keptOfSome) = (await Memory.OfAsync(viewer.Page), MemoryRun.KeptByServer());
        await ChangeAsync(ManyChangeSets);
        var (many, keptOfMany) = (await Memory.OfAsync(viewer.Page), MemoryRun.KeptByServer());
        Assert.True(many.Nodes <= some.Nodes + 200, $"{some}, then {many}");
        Assert.True(many.Listeners <= some.Listeners + 50, $"{some}, then {many}");
        Assert.True(many.Heap <= some.Heap * 1.25, $"{some}, then {many}");
        Assert.True(keptOfMany - keptOfSome < ManyChangeSets * LessThanAChangeSet, $"{keptOfSome:#,0} bytes, then {keptOfMany:#,0}");
    }

    private async Task ChangeAsync(int sets)
    {
        var ledger = fixture.App.Host.Availabilities;
        var offer = ledger.Snapshot[0].Availability;
        for (var set = 0; set < sets; set++)
        {
            await ledger.SaveAsync(offer with { MaxDurationSeconds = offer.MaxDurationSeconds + (ulong)(set % 2) });
        }

        await ledger.SaveAsync(offer);

        // The core's scheduler keeps the deadline of each call to the store until it would have been over.
        var over = fixture.App.Host.Health.Pipeline!.At + fixture.App.Host.Options.Pipeline.Selling.StorageDeadline + TimeSpan.FromMinutes(1);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (fixture.App.Host.Health.Pipeline!.At < over)
        {
            await timer.WaitForNextTickAsync();
        }
    }
}
