using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Local.Tests;
using CodexSales.Rx.Web.Codex;

namespace CodexSales.Rx.Web.Tests.Codex;

/// <summary>What is told of slots that are sold, in virtual time.</summary>
public sealed class CodexSlotTests
{
    private readonly SharedVirtualTime _time = new();

    [Fact]
    public void A_slot_is_told_as_its_sale_goes_on_with_its_request_and_what_is_held_for_it()
    {
        var host = WebHost.Make(
            settings: [("SimulatedMarket:CompetingHosts", "0"), ("SimulatedMarket:RequestsPerHour", "30"), ("SimulatedMarket:LongestRequest", "2.00:00:00")],
            choose: codex => codex.UseScheduler(_time));
        host.App.MapCodexSales();
        _time.WaitFor(DoneAsync(host.App.StartAsync()));
        _time.RunUntil(() => host.Sales.Sales.Snapshot.Items.Count(step => step.State == SaleStateName.SaleProving) > 1);

        var slots = Read(host, "sales/slots");
        var step = host.Sales.Sales.Snapshot.Items.First(step => step.State == SaleStateName.SaleProving);
        var (slot, terms, request) = (step.Sale.Slot, step.Sale.Terms, step.Sale.Request!);
        var told = slots[0];
        Assert.Equal($"{slot.SlotId}", told.GetProperty("id").GetString());
        Assert.Equal(slot.SlotIndex, told.GetProperty("slotIndex").GetUInt64());
        Assert.Equal(
            JsonSerializer.Serialize(new
            {
                id = $"{slot.RequestId}",
                client = $"{request.Client}",
                ask = new
                {
                    slots = request.Ask.Slots,
                    slotSize = request.Ask.SlotSizeBytes,
                    duration = request.Ask.DurationSeconds,
                    proofProbability = $"{request.Ask.ProofProbability}",
                    pricePerBytePerSecond = $"{request.Ask.PricePerBytePerSecond}",
                    collateralPerByte = $"{request.Ask.CollateralPerByte}",
                    maxSlotLoss = request.Ask.MaxSlotLoss,
                },
                content = new { cid = CidText.Of(request.Cid.AsSpan()), merkleRoot = $"{request.MerkleRoot}" },
                expiry = request.ExpirySeconds,
                nonce = $"{request.Nonce}",
            }),
            told.GetProperty("request").GetRawText());

        var one = Read(host, $"sales/slots/{slot.SlotId}");
        Assert.Equal("SaleProving", one.GetProperty("state").GetString());
        Assert.Equal(told.GetProperty("request").GetRawText(), one.GetProperty("request").GetRawText());
        var held = one.GetProperty("reservation");
        Assert.Equal(terms.Ask.SlotSizeBytes, held.GetProperty("size").GetUInt64());
        Assert.Equal(terms.EndsAt.Value, held.GetProperty("validUntil").GetUInt64());
        var availability = Read(host, "sales/availability")[0];
        Assert.Equal(availability.GetProperty("id").GetString(), held.GetProperty("availabilityId").GetString());
        var all = Read(host, $"sales/availability/{availability.GetProperty("id").GetString()}/reservations");
        Assert.Equal(host.Sales.Availabilities.Snapshot[0].Sales, all.GetArrayLength());
        Assert.Contains(all.EnumerateArray(), each => each.GetRawText() == held.GetRawText());
        Assert.Equal(all.GetArrayLength(), all.EnumerateArray().Select(each => each.GetProperty("id").GetString()).Distinct().Count());

        var used = host.Sales.Availabilities.Snapshot[0].UsedBytes;
        var space = Read(host, "space");
        Assert.Equal(used, space.GetProperty("quotaUsedBytes").GetUInt64());
        Assert.Equal((used + 65_535) / 65_536, space.GetProperty("totalBlocks").GetUInt64());
        var shrunk = _time.WaitFor(host.AskAsync(
            HttpMethod.Patch, $"/api/codex/v1/sales/availability/{availability.GetProperty("id").GetString()}", """{"totalSize":1}"""));
        Assert.Equal(422, shrunk.Status);
        Assert.Contains("can't shrink to 1 bytes", shrunk.Body, StringComparison.Ordinal);
        var early = _time.WaitFor(host.AskAsync(
            HttpMethod.Patch,
            $"/api/codex/v1/sales/availability/{availability.GetProperty("id").GetString()}",
            $$"""{"until":{{terms.EndsAt.Value - 1}}}"""));
        Assert.Equal(422, early.Status);
        Assert.Contains("the last of its sales ends at", early.Body, StringComparison.Ordinal);
        _time.WaitFor(DoneAsync(host.DisposeAsync().AsTask()));
    }

    // The examples of the specifications of base58 and of content ids.
    [Theory]
    [InlineData("0000010203", "z11Ldp")]
    [InlineData("48656c6c6f20576f726c6421", "z2NEpo7TZRRrLZSi2U")]
    [InlineData("12209d6c2be50f706953479ab9df2ce3edca90b68053c00b3004b7f0accbe1e8eedf", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG")]
    public void A_content_id_is_told_in_base58(string bytes, string text) =>
        Assert.Equal(text, CidText.Of(Convert.FromHexString(bytes)));

    [Fact]
    public void A_content_id_of_a_client_that_sends_anything_is_told_fast_and_harmlessly()
    {
        Assert.Matches("^z[1-9A-Za-z]+$", CidText.Of("<script>alert(1)</script>"u8));
        Assert.Equal(2_000_001, CidText.Of(new byte[1_000_000]).Length);
        Assert.Equal("z", CidText.Of([]));
    }

    private JsonElement Read(WebHost host, string path)
    {
        var (status, body, _) = _time.WaitFor(host.GetAsync($"/api/codex/v1/{path}"));
        Assert.Equal(200, status);
        return JsonDocument.Parse(body).RootElement;
    }

    private static async Task<bool> DoneAsync(Task task)
    {
        await task;
        return true;
    }
}
