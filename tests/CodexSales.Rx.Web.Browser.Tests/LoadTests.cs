namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>How much comes to a browser until a page is live: the first time, and again.</summary>
[Collection(nameof(Selling))]
public sealed class LoadTests(Fixture fixture)
{
    private const double MostAtFirst = 300;
    private const double MostAgain = 120;

    public static TheoryData<string> Pages => [.. PicturesTests.Paths];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_small_and_smaller_when_it_is_opened_again(string path)
    {
        using var proxy = new CountingProxy(fixture.App.Address);
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, Viewer.Blank, address: proxy.Address);
        var first = await LoadAsync();
        var again = await LoadAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"/{path,-9} {first,6:0.0} KiB at first, {again,6:0.0} KiB again"));
        Assert.InRange(first, 1, MostAtFirst);
        Assert.InRange(again, 1, MostAgain);

        async Task<double> LoadAsync()
        {
            proxy.Take();
            await viewer.Page.GotoAsync($"/{path}");
            await viewer.FollowAsync();
            return proxy.Take() / 1024.0;
        }
    }
}
