using Bunit;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Web.Page.Parts;
using CodexSales.Rx.Web.Page.Space;
using MudBlazor.Services;

namespace CodexSales.Rx.Web.Tests.Page;

public sealed class PartsTests : BunitContext
{
    private static readonly UnixSeconds _start = new(1_000_000);

    private static readonly Sale _sale = new(7, new OpenSlot(
        new SlotTerms
        {
            RequestId = new RequestId(default),
            Ask = new StorageAsk
            {
                ProofProbability = 1, PricePerBytePerSecond = 1, CollateralPerByte = 1, Slots = 1, SlotSizeBytes = 1, DurationSeconds = 1_000, MaxSlotLoss = 0,
            },
            Reward = 1, Collateral = 1, ExpiresAt = _start.Plus(500), EndsAt = _start.Plus(1_000),
        },
        0, default));

    [Fact]
    public void A_lane_has_a_marble_for_each_state_and_a_bar_as_long_as_it_was_hosted()
    {
        var lane = Draw(
            _start.Plus(500), 0, null,
            (SaleStateName.SalePreparing, _start), (SaleStateName.SaleSlotReserving, _start), (SaleStateName.SaleFilled, _start), (SaleStateName.SaleProving, _start));
        Assert.Equal(["p", "r", "F"], lane.FindAll(".marble text").Select(sign => sign.TextContent));
        Assert.Equal("117", lane.Find(".hosted").GetAttribute("width"));
        Assert.Equal("Sale 7: Preparing, Reserving, Filled, Hosting", lane.Find("svg").GetAttribute("aria-label"));
    }

    [Fact]
    public void Missed_proofs_are_a_red_number_on_the_lane()
    {
        var lane = Draw(_start.Plus(500), 3, null, (SaleStateName.SaleProving, _start));
        Assert.Equal("3", lane.Find(".marble.bad text").TextContent);
    }

    [Fact]
    public void A_sale_that_came_to_nothing_ends_with_its_reason()
    {
        var lane = Draw(
            _start.Plus(10), 0, new SaleEnd(SaleReason.FilledByAnother, "Another host was first.", UInt256.Zero, UInt256.Zero),
            (SaleStateName.SalePreparing, _start), (SaleStateName.SaleIgnored, _start.Plus(5)));
        Assert.Contains("Another host was first.", lane.Find(".marble.gone title").TextContent, StringComparison.Ordinal);
        Assert.Empty(lane.FindAll(".hosted"));
    }

    [Fact]
    public void A_chart_tells_what_it_shows_to_those_who_do_not_see_it()
    {
        var chart = Render<Chart>(parameters => parameters.Add(part => part.Drawn, new Chart.Picture(
            "Queue", new Chart.Line("slots", "in", [(DateTimeOffset.UnixEpoch, 2), (DateTimeOffset.UnixEpoch.AddMinutes(5), 8)], value => $"{value}"))));
        Assert.Equal("Queue. slots: now 8, from 2 to 8.", chart.Find(".plot").GetAttribute("aria-label"));
        Assert.Equal("M0 89.5L600 4", chart.Find("path.line").GetAttribute("d"));
    }

    [Fact]
    public void A_field_of_the_form_tells_of_itself_alone()
    {
        // What is drawn may be older than what was typed elsewhere meanwhile.
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        var told = new List<(string, string)>();
        var fields = Render<OfferFields>(parameters => parameters
            .Add(part => part.Form, OfferForm.Empty().Now.ToValues())
            .Add(part => part.Wrong, new Dictionary<string, string>())
            .Add(part => part.IsNew, true)
            .Add(part => part.Changed, told.Add));
        fields.Find("#offer-name").Input("disk");
        fields.Find("#offer-space").Input("7");
        Assert.Equal([("Name", "disk"), ("Space", "7")], told);
    }

    private IRenderedComponent<Lane> Draw(UnixSeconds now, int missed, SaleEnd? end, params (SaleStateName, UnixSeconds)[] marks) => Render<Lane>(
        parameters => parameters.Add(lane => lane.Sale, _sale).Add(lane => lane.Marks, marks).Add(lane => lane.Missed, missed).Add(lane => lane.End, end).Add(lane => lane.Now, now));
}
