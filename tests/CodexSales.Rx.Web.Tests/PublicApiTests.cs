using CodexSales.Rx.Web.Settings;
using CodexSales.Rx.Web.Telemetry;
using Microsoft.AspNetCore.Components;

namespace CodexSales.Rx.Web.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void Nothing_is_public_but_the_way_in_and_the_components_that_Razor_makes_public() => Assert.Equal(
        [typeof(CodexSalesWebExtensions), typeof(SalesTelemetryExtensions), typeof(WebOptions)],
        typeof(CodexSalesWebExtensions).Assembly.GetExportedTypes()
            .Where(type => !(type.DeclaringType ?? type).IsAssignableTo(typeof(IComponent)) && type.Name != "_Imports"));
}
