namespace CodexSales.Rx.Web.Browser.Tests;

[Collection(nameof(Selling))]
public sealed class KeyboardTests(Fixture fixture)
{
    private const string Stops =
        """
        () => [...document.querySelectorAll("a[href], button, input, select, textarea, [tabindex]")]
          .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true }))
          .map((e, place) => { e.dataset.stop = place; return (e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.innerText || "").trim(); })
        """;

    // A ring around it or around what it is part of, or the line under a field.
    private const string Focused =
        """
        () => {
          const e = document.activeElement;
          const ring = [e, e.closest(".mud-switch"), e.closest("label")].some(part => part && getComputedStyle(part).outlineStyle !== "none" && parseFloat(getComputedStyle(part).outlineWidth) >= 1);
          const field = e.closest(".mud-input");
          const line = field && parseFloat(getComputedStyle(field, "::after").borderBottomWidth) >= 2 && getComputedStyle(field, "::after").transform === "matrix(1, 0, 0, 1, 0, 0)";
          return [e.dataset.stop ?? "", ring || line ? "seen" : `not seen: ${e.outerHTML.slice(0, 120)}`];
        }
        """;

    public static TheoryData<string> Pages => [.. PicturesTests.Paths];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Each_action_of_a_page_is_reached_by_the_tab_key_and_it_shows(string path)
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, $"/{path}");
        var page = viewer.Page;
        await Expect(page.Locator("main h1")).ToBeVisibleAsync();
        var stops = await page.EvaluateAsync<string[]>(Stops);
        Assert.True(stops.Length > 10, string.Join("; ", stops));
        await page.EvaluateAsync("document.activeElement.blur()");
        var reached = new HashSet<string>();
        for (var press = 0; press < stops.Length + 5; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string[]>(Focused) is [{ Length: > 0 } stop, var look])
            {
                Assert.Equal("seen", look);
                reached.Add(stop);
            }
        }

        Assert.Empty(Enumerable.Range(0, stops.Length).Where(stop => !reached.Contains($"{stop}")).Select(stop => $"{stop} {stops[stop]}"));
    }
}
