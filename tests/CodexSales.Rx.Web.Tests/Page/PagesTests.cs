using System.Net;
using AngleSharp.Dom;
using Bunit;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Web.Page.Alerts;
using CodexSales.Rx.Web.Page.Chain;
using CodexSales.Rx.Web.Page.History;
using CodexSales.Rx.Web.Page.Overview;
using CodexSales.Rx.Web.Page.Queue;
using CodexSales.Rx.Web.Page.Sales;
using CodexSales.Rx.Web.Page.Settings;
using CodexSales.Rx.Web.Page.Space;

namespace CodexSales.Rx.Web.Tests.Page;

public sealed class PagesTests
{
    [Fact]
    public async Task The_overview_begins_with_the_sentence_and_ends_with_what_needs_the_operator()
    {
        await using var page = new PageHost();
        page.Api.Time.WaitFor(page.Host.Availabilities.RemoveAsync(new AvailabilityId("disk 1")));
        var overview = page.Draw<OverviewPage>();
        Assert.StartsWith(overview.Find("h1").TextContent, page.Host.Health.Sentence, StringComparison.Ordinal);
        Assert.Contains("Nothing is for sale: add space.", overview.Find(".needs").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_queue_says_why_the_first_is_not_taken()
    {
        await using var page = new PageHost();
        Assert.Contains("The first is not taken: there is none.", page.Draw<QueuePage>().Find(".why").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_queue_says_which_price_is_none()
    {
        await using var page = new PageHost();
        var queue = page.Draw<QueuePage>();
        queue.Find("#least").Input("1,5");
        Assert.Equal(
            "At least: '1,5' is no number of tokens for a TiB and month; one such as 2.85, or nothing, is expected.",
            queue.Find("[role=alert]").TextContent);
        queue.Find("#least").Input("");
        Assert.Empty(queue.FindAll("[role=alert]"));
    }

    [Fact]
    public async Task Sales_can_be_chosen_by_where_they_stand()
    {
        await using var page = new PageHost();
        var sales = page.Draw<LanesPage>();
        Assert.Equal("true", sales.FindAll(".choice")[0].GetAttribute("aria-pressed"));
        sales.FindAll(".choice")[2].Click();
        Assert.Equal(["false", "false", "true", "false", "false"], sales.FindAll(".choice").Select(choice => choice.GetAttribute("aria-pressed")));
    }

    [Fact]
    public async Task A_form_with_wrong_fields_is_not_saved_and_says_what_is_wrong()
    {
        await using var page = new PageHost();
        var space = page.Draw<SpacePage>();
        space.FindAll("button").Single(button => button.TextContent.Contains("Add space", StringComparison.Ordinal)).Click();
        page.Dialogs.WaitForElement("#offer-space").Input("much");
        Save(page);
        page.Dialogs.WaitForAssertion(() => Assert.Contains("Space: 'much' is not what is expected", page.Dialogs.Markup, StringComparison.Ordinal));
        Assert.Contains("Name: a name is expected", page.Dialogs.Markup, StringComparison.Ordinal);
        Assert.Contains("Collateral: nothing is no number of tokens", page.Dialogs.Markup, StringComparison.Ordinal);
        Assert.Equal("disk 1", $"{Assert.Single(page.Host.Availabilities.Snapshot).Availability.Id}");
    }

    [Fact]
    public async Task An_edit_leaves_what_another_one_changed_meanwhile()
    {
        await using var page = new PageHost();
        var disk = new AvailabilityId("disk 1");
        var before = Assert.Single(page.Host.Availabilities.Snapshot).Availability;
        Edit(page, disk);
        Type(page, "days", "7");
        page.Api.Time.WaitFor(page.Host.Availabilities.ChangeAsync(disk, now => now with { MinPricePerBytePerSecond = 7, IsDisabled = true }));
        Save(page);
        Assert.Equal(before with { MaxDurationSeconds = 7 * 24 * 60 * 60, MinPricePerBytePerSecond = 7, IsDisabled = true }, Now());

        Availability Now() => Assert.Single(page.Host.Availabilities.Snapshot).Availability;
    }

    [Fact]
    public async Task An_edit_does_not_bring_back_what_another_one_removed_meanwhile()
    {
        await using var page = new PageHost();
        var disk = new AvailabilityId("disk 1");
        Edit(page, disk);
        Type(page, "days", "7");
        page.Api.Time.WaitFor(page.Host.Availabilities.RemoveAsync(disk));
        Save(page);
        page.Dialogs.WaitForAssertion(() => Assert.Equal(
            "There is no disk 1 any more: it was removed meanwhile.", page.Dialogs.Find("[role=alert]").TextContent));
        Assert.Empty(page.Host.Availabilities.Snapshot);
    }

    [Fact]
    public async Task An_edit_puts_up_for_sale_again_what_is_being_drained()
    {
        await using var page = new PageHost();
        var disk = new AvailabilityId("disk 1");
        Drain(page, disk);
        Edit(page, disk);
        Type(page, "days", "7");
        Save(page);
        page.Dialogs.WaitForAssertion(() => Assert.False(page.Host.Availabilities.Snapshot[0].IsDraining));
        Assert.Equal(7 * 86_400UL, page.Host.Availabilities.Snapshot[0].Availability.MaxDurationSeconds);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_added_one_does_not_replace_one_of_that_name(bool isDraining)
    {
        await using var page = new PageHost();
        if (isDraining)
        {
            Drain(page, new AvailabilityId("disk 1"));
        }

        var before = page.Host.Availabilities.Snapshot;
        var space = page.Draw<SpacePage>();
        Do(page, () => space.FindAll("button").Single(button => button.TextContent.Contains("Add space", StringComparison.Ordinal)).ClickAsync());
        foreach (var (field, text) in new[] { ("name", "disk 1"), ("price", "3"), ("collateral", "10") })
        {
            Type(page, field, text);
        }

        Save(page);
        page.Dialogs.WaitForAssertion(() => Assert.Contains(
            "Name: there is an availability 'disk 1' already; another name is expected.", WebUtility.HtmlDecode(page.Dialogs.Markup), StringComparison.Ordinal));
        Assert.Equal(before, page.Host.Availabilities.Snapshot);
    }

    // While something is sold of it: otherwise it would be gone at once.
    private static void Drain(PageHost page, AvailabilityId id)
    {
        while (page.Host.Availabilities.Snapshot[0].Sales == 0)
        {
            page.Api.Time.Advance(TimeSpan.FromMinutes(1));
        }

        page.Api.Time.WaitFor(page.Host.Availabilities.DrainAsync(id));
    }

    private static void Edit(PageHost page, AvailabilityId id)
    {
        var space = page.Draw<SpacePage>();
        Do(page, () => space.Find($"button[aria-label='Edit {id}']").ClickAsync());
    }

    private static void Type(PageHost page, string field, string text)
    {
        page.Dialogs.WaitForElement($"#offer-{field}");
        Do(page, () => page.Dialogs.Find($"#offer-{field}").InputAsync(text));
    }

    private static void Save(PageHost page) => Do(
        page, () => page.Dialogs.FindAll("button").Single(button => button.TextContent.Contains("Save", StringComparison.Ordinal)).ClickAsync());

    // Until the page has its answer of the host, and is drawn anew with it.
    private static void Do(PageHost page, Func<Task> act)
    {
        page.Api.Time.WaitFor(ActAsync());

        async Task<bool> ActAsync()
        {
            await page.Dialogs.InvokeAsync(act);
            return true;
        }
    }

    [Fact]
    public async Task History_without_a_store_says_so()
    {
        await using var page = new PageHost();
        Assert.Contains("There is no store", page.Draw<HistoryPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_tells_what_a_past_sale_has_cost_in_fees()
    {
        await using var page = new PageHost(isRemembered: true);
        page.Api.Time.RunUntil(() => page.Api.Time.WaitFor(page.Host.ReadHistoryAsync()).Count > 0);
        var history = page.Draw<HistoryPage>();
        history.WaitForAssertion(() => Assert.NotEmpty(history.FindAll("table[aria-label='Past sales'] tbody tr")));
        var fees = history.FindAll("table[aria-label='Past sales'] th").Select(head => head.TextContent).ToList().IndexOf("Fees");
        Assert.Equal("0 ether", history.FindAll("table[aria-label='Past sales'] tbody tr")[0].Children[fees].TextContent);
    }

    [Fact]
    public async Task The_chain_of_a_simulated_market_has_no_nodes()
    {
        await using var page = new PageHost();
        var chain = page.Draw<ChainPage>();
        Assert.Contains("No node is asked: the market is on no chain.", chain.Markup, StringComparison.Ordinal);
        Assert.Contains($"{page.Host.Chain.Account}", chain.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_active_alert_is_shown_with_its_sentence_and_can_be_dismissed()
    {
        await using var page = new PageHost();
        page.Api.Time.WaitFor(page.Host.Alerts.TestAsync());
        var alerts = page.Draw<AlertsPage>();
        Assert.Contains("This is a test: alerts arrive.", alerts.Find(".alert").TextContent, StringComparison.Ordinal);
        alerts.Find(".alert button").Click();
        page.Api.Time.WaitUntil(() => page.Host.Alerts.Count == 0);
        Assert.True(Assert.Single(page.Host.Alerts.Past).IsDismissed);
    }

    [Theory]
    [InlineData("9", "'9'")]
    [InlineData("", "nothing")]
    [InlineData("-1", "'-1'")]
    [InlineData("2.5", "'2.5'")]
    [InlineData("many", "'many'")]
    public async Task Workers_that_there_cant_be_are_refused_in_a_sentence_and_change_nothing(string typed, string given)
    {
        await using var page = new PageHost();
        var settings = page.Draw<SettingsPage>();
        settings.Find("#workers").Input(typed);
        Apply(settings).Click();
        settings.WaitForAssertion(() => Assert.Contains(
            $"Workers: {given} is given, but a whole number from 0 to 5 is expected; for more, the host is to be started anew.",
            WebUtility.HtmlDecode(settings.Markup),
            StringComparison.Ordinal));
        Assert.Equal(3, page.Host.Workers.Snapshot.Limit);
    }

    [Fact]
    public async Task Workers_can_be_applied_as_soon_as_they_are_typed()
    {
        await using var page = new PageHost();
        var settings = page.Draw<SettingsPage>();
        Assert.True(Apply(settings).HasAttribute("disabled"));
        settings.Find("#workers").Input("2");
        Apply(settings).Click();
        page.Api.Time.WaitUntil(() => page.Host.Workers.Snapshot.Limit == 2);
    }

    private static IElement Apply(IRenderedComponent<SettingsPage> settings) =>
        settings.FindAll("button").Single(button => button.TextContent.Contains("Apply", StringComparison.Ordinal));
}
