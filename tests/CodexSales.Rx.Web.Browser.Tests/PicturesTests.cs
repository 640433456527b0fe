using System.Text.RegularExpressions;

namespace CodexSales.Rx.Web.Browser.Tests;

[Collection(nameof(Selling))]
public sealed partial class PicturesTests(Fixture fixture)
{
    private static readonly (string Path, string Title, string Shown)[] _pages =
    [
        ("", "Earned", ".chart .line"),
        ("queue", "Queue", "th"),
        ("sales", "Sales", ".lane .hosted"),
        ("space", "Space", ".offer .bar"),
        ("history", "History", "td .amount"),
        ("chain", "Chain", ".options td"),
        ("alerts", "Alerts", ".card h2"),
        ("settings", "Settings", ".options td"),
    ];

    /// <summary>The address of each page, below the root.</summary>
    public static IEnumerable<string> Paths => _pages.Select(page => page.Path);

    public static TheoryData<string, string, string, Look> Pages => [.. _pages.SelectMany(page =>
        Enum.GetValues<Look>().Select(look => new TheoryDataRow<string, string, string, Look>(page.Path, page.Title, page.Shown, look)))];

    [GeneratedRegex("^M(.*L){20}")]
    private static partial Regex EnoughPoints();

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Each_page_is_drawn_for_a_screen_in_light_and_dark_and_for_a_phone(string path, string title, string shown, Look look)
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, $"/{path}", look);
        var page = viewer.Page;
        await Expect(page.Locator("main").GetByText(title).First).ToBeVisibleAsync();
        await Expect(page.Locator(shown).First).ToBeAttachedAsync();
        if (path.Length == 0)
        {
            await Expect(page.Locator(".chart .line").First).ToHaveAttributeAsync("d", EnoughPoints());
        }

        await Expect(page.Locator(look is Look.Dark ? ".shell.dark" : ".shell.light")).ToHaveCountAsync(1);
        var picture = await Picture.TakeAsync(page, $"{(path.Length == 0 ? "overview" : path)}-{look}".ToLowerInvariant());
        Assert.Equal(look is Look.Phone ? 390 : 1440, picture.Width);
        Assert.True(picture.Height >= (look is Look.Phone ? 844 : 900), $"{picture}");
        Assert.True(picture.DifferentLines > 200, $"{picture} is nearly blank.");
        Assert.Empty(viewer.Errors);
    }
}
