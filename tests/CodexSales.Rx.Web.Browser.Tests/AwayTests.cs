using System.Text.RegularExpressions;

namespace CodexSales.Rx.Web.Browser.Tests;

[Collection(nameof(Selling))]
public sealed class AwayTests(Fixture fixture)
{
    [Theory]
    [InlineData(Look.Light)]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    public async Task A_node_that_stops_is_said_to_be_away_and_the_page_is_live_again_once_it_is_back(Look look)
    {
        await using var app = await SellingApp.StartAsync(hasSold: false);
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, app, "/space", look);
        var away = viewer.Page.Locator("#away");
        await Expect(away).ToBeHiddenAsync();

        await app.StopAsync();
        await Expect(away).ToBeVisibleAsync();
        await Expect(away).ToHaveTextAsync(
            new Regex(@"^\s*The node is away\. What is shown is as of .*:.*\. It is asked again and again, and once it answers, this page goes on by itself\.\s*$"));
        await Expect(viewer.Page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
        await Expect(viewer.Page).ToHaveTitleAsync("Away – Space – CodexSales");
        await Picture.TakeAsync(viewer.Page, $"away-{look}".ToLowerInvariant(), isWhole: false);

        await app.StartAgainAsync();
        await Expect(away).ToBeHiddenAsync();
        await viewer.FollowAsync();
        await app.Host.Availabilities.SaveAsync(app.Host.Availabilities.Snapshot[0].Availability with { Id = new AvailabilityId("came-later"), IsDisabled = true });
        await Expect(viewer.Page.GetByText("came-later")).ToBeVisibleAsync();
        await Expect(viewer.Page).ToHaveTitleAsync("Space – CodexSales");
    }

    [Fact]
    public async Task A_line_that_broke_is_taken_up_again_where_the_page_was()
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/sales");
        var page = viewer.Page;
        await page.Locator("#find").FillAsync("0x12");
        await page.Locator("#find").FocusAsync();
        await page.EvaluateAsync("window.isTheSame = true");
        await page.RouteAsync("**/page.js", route => route.AbortAsync());
        await page.EvaluateAsync("Blazor._internal.forceCloseConnection()");
        await Expect(page.Locator("#away")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('.shell').inert"));

        await page.UnrouteAsync("**/page.js");
        await Expect(page.Locator("#away")).ToBeHiddenAsync();
        await Expect(page.Locator("#find")).ToBeFocusedAsync();
        await Expect(page.Locator("#find")).ToHaveValueAsync("0x12");
        Assert.True(await page.EvaluateAsync<bool>("window.isTheSame"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Acquiring" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Acquiring" })).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task What_a_proxy_says_in_the_place_of_the_node_is_waited_out()
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/queue");
        var page = viewer.Page;
        var answered = 0;
        await page.RouteAsync("**/page.js", route => route.FulfillAsync(
            new() { Status = Interlocked.Increment(ref answered) % 2 == 0 ? 404 : 502, Body = "<h1>No such upstream</h1>" }));
        await page.EvaluateAsync("window.isTheSame = true; Blazor._internal.forceCloseConnection()");
        await Expect(page.Locator("#away")).ToBeVisibleAsync();
        while (Volatile.Read(ref answered) < 2)
        {
            await page.WaitForResponseAsync("**/page.js");
        }

        Assert.True(await page.EvaluateAsync<bool>("window.isTheSame"));
        await page.UnrouteAsync("**/page.js");
        await Expect(page.Locator("#away")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Who_has_signed_in_can_sign_out()
    {
        await using var app = await SellingApp.StartAsync(hasSold: false, ("CodexSales:Web:TokenFile", SellingApp.TokenFile()));
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, app, "/queue");
        var page = viewer.Page;
        await page.GetByLabel("Token of this host").FillAsync(SellingApp.Token);
        await viewer.Button("Sign in").ClickAsync();
        await viewer.FollowAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/queue$"));

        await viewer.Button("Sign out").ClickAsync();
        await Expect(page.GetByLabel("Token of this host")).ToBeVisibleAsync();
        Assert.DoesNotContain(await page.Context.CookiesAsync(), cookie => cookie.Name == "codexsales");
        await page.GotoAsync("/queue");
        await Expect(page.GetByLabel("Token of this host")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_needs_no_token_has_nothing_to_sign_out_of()
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, "/");
        await Expect(viewer.Button("Sign out")).ToHaveCountAsync(0);
    }
}
