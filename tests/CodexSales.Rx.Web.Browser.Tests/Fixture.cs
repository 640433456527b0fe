namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>One app that sells and one browser, for the tests that only look, or put back what they change.</summary>
public sealed class Fixture : IAsyncLifetime
{
    internal SellingApp App { get; private set; } = null!;

    internal Chromium Chromium { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Chromium = await Chromium.StartAsync();
        App = await SellingApp.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Chromium.DisposeAsync();
        await App.DisposeAsync();
    }
}

[CollectionDefinition(nameof(Selling))]
public sealed class Selling : ICollectionFixture<Fixture>;
