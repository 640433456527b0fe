namespace CodexSales.Rx.Web.Browser.Tests;

[Collection(nameof(Selling))]
public sealed class SteeringTests(Fixture fixture)
{
    private const string TooHighForAnybody = "9000000";

    private ISalesHost Host => fixture.App.Host;

    [Fact]
    public async Task An_availability_is_created_edited_paused_drained_and_removed()
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/space");
        var page = viewer.Page;

        await AddAsync(viewer, "rack-7", "2");
        Assert.Equal(2UL << 40, Offer("rack-7").Availability.TotalBytes);

        await viewer.Button("Edit rack-7").ClickAsync();
        await page.Locator("#offer-space").FillAsync("3");
        await viewer.Button("Save").ClickAsync();
        await Expect(page.Locator(".offer", new() { HasText = "rack-7" })).ToContainTextAsync("3.00 TiB");
        Assert.Equal(3UL << 40, Offer("rack-7").Availability.TotalBytes);

        await viewer.Button("Pause rack-7").ClickAsync();
        await Expect(page.Locator(".offer", new() { HasText = "rack-7" })).ToContainTextAsync("Paused");
        Assert.True(Offer("rack-7").Availability.IsDisabled);

        await viewer.Button("Drain rack-7").ClickAsync();
        await viewer.Button("Drain").ClickAsync();
        await Expect(page.Locator(".offer", new() { HasText = "rack-7" })).ToHaveCountAsync(0);

        await AddAsync(viewer, "rack-8", "1");
        await viewer.Button("Remove rack-8").ClickAsync();
        await viewer.Button("Remove").ClickAsync();
        await Expect(page.Locator(".offer", new() { HasText = "rack-8" })).ToHaveCountAsync(0);
        Assert.DoesNotContain(Host.Availabilities.Snapshot, offer => $"{offer.Availability.Id}".StartsWith("rack", StringComparison.Ordinal));
        Assert.Empty(viewer.Errors);
    }

    [Fact]
    public async Task What_is_wrong_with_a_field_is_said_and_nothing_is_changed()
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/space");
        var before = Host.Availabilities.Snapshot.Count;
        await viewer.Button("Add space").ClickAsync();
        await viewer.Page.Locator("#offer-space").FillAsync("much");
        await viewer.Button("Save").ClickAsync();
        await Expect(viewer.Page.GetByText("Space: 'much' is not what is expected")).ToBeVisibleAsync();
        await Expect(viewer.Page.GetByText("Name: a name is expected, such as disk-1.")).ToBeVisibleAsync();
        Assert.Equal(before, Host.Availabilities.Snapshot.Count);
        await Picture.TakeAsync(viewer.Page, "space-form", isWhole: false);
    }

    [Fact]
    public async Task Before_it_is_saved_the_form_tells_what_would_match()
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/space");
        await viewer.Button("Edit archive").ClickAsync();
        await Expect(viewer.Page.Locator(".preview")).ToContainTextAsync("open slots match");
        await Picture.TakeAsync(viewer.Page, "space-preview", isWhole: false);
        await viewer.Page.Keyboard.PressAsync("Escape");
        await Expect(viewer.Page.Locator(".preview")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task New_sales_are_paused_and_resumed()
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/");
        await viewer.Button("Pause").ClickAsync();
        await Expect(viewer.Page.Locator(".strip .pill")).ToHaveTextAsync("Paused");
        Assert.True(Host.Workers.Snapshot.IsPaused);
        await viewer.Button("Resume").ClickAsync();
        await Expect(viewer.Page.Locator(".strip .pill")).Not.ToHaveTextAsync("Paused");
        Assert.False(Host.Workers.Snapshot.IsPaused);
        Assert.Empty(viewer.Errors);
    }

    [Fact]
    public async Task An_alert_appears_and_is_dismissed()
    {
        var before = Host.Speed!.Factor;
        Host.Speed.Set(1); // One that means nothing is over after a minute.
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/alerts");
        await viewer.Button("Try whether alerts arrive").ClickAsync();
        await Expect(viewer.Page.GetByText("This is a test: alerts arrive.")).ToBeVisibleAsync();
        await Expect(viewer.Page.Locator("nav .badge")).ToBeVisibleAsync();
        await Picture.TakeAsync(viewer.Page, "alerts-active");
        await viewer.Page.Locator(".alert", new() { HasText = "This is a test" }).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(viewer.Page.Locator(".alert", new() { HasText = "dismissed" }).First).ToBeVisibleAsync();
        Assert.DoesNotContain(Host.Alerts.Snapshot.Items, alert => alert.Subject.Length == 0 && alert.Sentence.Contains("test", StringComparison.Ordinal));
        Host.Speed.Set(before);
        Assert.Empty(viewer.Errors);
    }

    [Fact]
    public async Task The_speed_of_the_simulated_market_follows_the_slider()
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/");
        var before = Host.Speed!.Factor;
        await viewer.Page.Locator(".strip #speed").FillAsync("40");
        await Expect(viewer.Page.Locator(".strip .speed b")).ToHaveTextAsync("×100");
        Assert.Equal(100, Host.Speed.Factor);
        Host.Speed.Set(before);
    }

    [Fact]
    public async Task What_a_name_holds_is_shown_and_never_run()
    {
        const string name = "<img src=x onerror=alert(1)>";
        await Host.Availabilities.SaveAsync(Offer("archive").Availability with { Id = new AvailabilityId(name), IsDisabled = true });
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/space");
        await Expect(viewer.Page.GetByText(name).First).ToBeVisibleAsync();
        Assert.Equal(0, await viewer.Page.Locator("main img").CountAsync());
        Assert.Empty(viewer.Errors);
        await Host.Availabilities.RemoveAsync(new AvailabilityId(name));
    }

    [Fact]
    public async Task All_of_it_is_reached_by_the_keyboard()
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/");
        await viewer.Page.Locator(".skip").FocusAsync();
        await viewer.Page.Keyboard.PressAsync("Enter");
        await Expect(viewer.Page.Locator("main")).ToBeFocusedAsync();
        await viewer.Page.GetByRole(AriaRole.Link, new() { Name = "Queue", Exact = true }).FocusAsync();
        await viewer.Page.Keyboard.PressAsync("Enter");
        await Expect(viewer.Page.Locator("h1")).ToHaveTextAsync("Queue");
        await Expect(viewer.Page.Locator("h1")).ToBeFocusedAsync();
    }

    private CodexSales.Rx.Availabilities.AvailabilityBalance Offer(string id) =>
        Host.Availabilities.Snapshot.Single(offer => $"{offer.Availability.Id}" == id);

    private static async Task AddAsync(Viewer viewer, string name, string tebibytes)
    {
        await viewer.Button("Add space").ClickAsync();
        await viewer.Page.Locator("#offer-name").FillAsync(name);
        await viewer.Page.Locator("#offer-space").FillAsync(tebibytes);
        await viewer.Page.Locator("#offer-price").FillAsync(TooHighForAnybody);
        await viewer.Page.Locator("#offer-collateral").FillAsync("0.5");
        await viewer.Button("Save").ClickAsync();
        await Expect(viewer.Page.Locator(".offer", new() { HasText = name })).ToHaveCountAsync(1);
    }
}
