using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Web.Tests.Codex;

/// <summary>The SDK that apps in JavaScript use, unchanged, against a host that sells.</summary>
public sealed class SdkTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_creates_lists_and_changes_availabilities_and_reads_reservations_slots_and_space(bool hasToken)
    {
        await using var host = await WebHost.StartAsync(
            web => web.TokenFile = hasToken ? WebHost.TokenFile() : null,
            [("SimulatedMarket:Speed", "600"), ("SimulatedMarket:RequestsPerHour", "60")]);
        await host.Sales.Steps.FirstAsync(step => step.State == SaleStateName.SaleProving).ToTask(TestContext.Current.CancellationToken);

        var told = await Sdk.AskAsync(host.Address, hasToken ? WebHost.Token : null);

        Assert.True(told.GetProperty("found").GetBoolean());
        Assert.StartsWith("CodexSales ", told.GetProperty("version").GetString(), StringComparison.Ordinal);
        Assert.Equal("5000000", told.GetProperty("created").GetProperty("totalSize").GetRawText());
        Assert.Contains(told.GetProperty("reservations").EnumerateObject(), one => one.Value.GetArrayLength() > 0);
        Assert.True(told.GetProperty("slots").GetArrayLength() > 0);
        Assert.StartsWith("Sale", told.GetProperty("slot").GetProperty("state").GetString(), StringComparison.Ordinal);
        AssertRefused(400, "'7' is no id of an availability: 0x and 64 hexadecimal digits are expected.", "badId");
        AssertRefused(404, "There is no availability 0x7777", "unknownId");
        AssertRefused(404, "Slot 0x7777", "unknownSlot");
        AssertRefused(422, "totalSize is 9007199254740991, but of the quota", "tooLarge");
        AssertRefused(501, "This host sells storage", "purchases");
        AssertRefused(501, "This host sells storage", "files");

        void AssertRefused(int code, string message, string call)
        {
            Assert.Equal(code, told.GetProperty(call).GetProperty("code").GetInt32());
            Assert.StartsWith(message, told.GetProperty(call).GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }
}
