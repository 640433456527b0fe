namespace CodexSales.Rx.Web.Browser.Tests;

[Collection(nameof(Selling))]
public sealed class FollowingTests(Fixture fixture)
{
    private const int ChangeSets = 300;

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
    public async Task Many_change_sets_leave_no_more_in_the_browser_than_some()
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/space");
        await ChangeAsync();
        var some = await Memory.OfAsync(viewer.Page);
        await ChangeAsync();
        await ChangeAsync();
        var many = await Memory.OfAsync(viewer.Page);
        Assert.True(many.Nodes <= some.Nodes + 200, $"{some}, then {many}");
        Assert.True(many.Listeners <= some.Listeners + 50, $"{some}, then {many}");
        Assert.True(many.Heap <= some.Heap * 1.25, $"{some}, then {many}");
    }

    private async Task ChangeAsync()
    {
        var ledger = fixture.App.Host.Availabilities;
        var offer = ledger.Snapshot[0].Availability;
        for (var set = 0; set < ChangeSets; set++)
        {
            await ledger.SaveAsync(offer with { MaxDurationSeconds = offer.MaxDurationSeconds + (ulong)(set % 2) });
        }

        await ledger.SaveAsync(offer);
    }
}
