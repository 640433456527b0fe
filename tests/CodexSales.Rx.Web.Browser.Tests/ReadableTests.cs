namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>What a designer would see at once, on every page: pale letters, text on text, what is cut off, what has no name.</summary>
[Collection(nameof(Selling))]
public sealed class ReadableTests(Fixture fixture)
{
    // Everything below is asked of the page as it stands, in the browser itself.
    private const string Texts =
        """
        const isSeen = e => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.closest("svg, .skip, option, .mud-popover-cover");
        const texts = () => {
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const found = [];
          while (walker.nextNode()) {
            const node = walker.currentNode;
            if (node.data.trim() && isSeen(node.parentElement)) {
              const range = document.createRange();
              range.selectNodeContents(node);
              let boxes = [...range.getClientRects()].map(box => ({ left: box.left, right: box.right, top: box.top, bottom: box.bottom }));
              for (let e = node.parentElement; e; e = e.parentElement) {
                if (e !== document.body && e !== document.documentElement && getComputedStyle(e).overflowY !== "visible") {
                  const frame = e.getBoundingClientRect();
                  boxes = boxes.map(box => ({ ...box, top: Math.max(box.top, frame.top), bottom: Math.min(box.bottom, frame.bottom) }));
                }
              }
              found.push({ text: node.data.trim(), at: node.parentElement, boxes: boxes.filter(box => box.bottom > box.top) });
            }
          }
          return found;
        };
        """;

    private const string Pale =
        """
        () => {
        """ + Texts +
        """
          const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
          const over = colours => {
            canvas.clearRect(0, 0, 1, 1);
            for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
            return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
          };
          const light = rgb => rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          return texts().filter(({ at }) => !at.closest(":disabled, [aria-disabled=true]")).map(({ text, at }) => {
            const layers = [];
            for (let e = at; e; e = e.parentElement) { layers.unshift(getComputedStyle(e).backgroundColor); }
            const style = getComputedStyle(at);
            const [a, b] = [light(over(layers)), light(over([...layers, style.color]))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            const isLarge = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.6 && style.fontWeight >= 700);
            return ratio < (isLarge ? 3 : 4.5) ? `${ratio.toFixed(2)}: ${text.slice(0, 40)} (${at.className})` : null;
          }).filter(found => found);
        }
        """;

    private const string Overlapping =
        """
        () => {
        """ + Texts +
        """
          const inPlace = texts().filter(({ at }) => !at.closest(".strip, .notice, .most"));
          const found = [];
          inPlace.forEach((one, i) => inPlace.slice(i + 1).forEach(other => {
            for (const a of one.boxes) for (const b of other.boxes) {
              const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
              const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
              if (width > 1.5 && height > 5) { found.push(`'${one.text.slice(0, 30)}' on '${other.text.slice(0, 30)}'`); }
            }
          }));
          return [...new Set(found)];
        }
        """;

    private const string Cut =
        """
        () => {
        """ + Texts +
        """
          const frames = [...document.querySelectorAll(".table-frame, .card, .figure, nav")]
            .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => `${e.className}: ${e.scrollWidth} in ${e.clientWidth}`);
          const texts_ = texts().filter(({ boxes }) => boxes.some(box => box.right > innerWidth + 1 || box.left < -1))
            .map(({ text }) => `'${text.slice(0, 40)}' leaves the window`);
          const page = document.documentElement.scrollWidth > innerWidth + 1 ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
          return [...page, ...frames, ...texts_];
        }
        """;

    private const string Nameless =
        """
        () => [...document.querySelectorAll("button, a[href], input, select, textarea, [role=img], [role=region], table, nav")]
          .filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.closest("[aria-hidden=true]"))
          .filter(e => !(e.getAttribute("aria-label") || e.labels?.[0]?.textContent.trim() || e.innerText?.trim() || document.getElementById(e.getAttribute("aria-labelledby") ?? "")))
          .map(e => e.outerHTML.slice(0, 120))
        """;

    public static TheoryData<string, Look> Pages =>
        [.. PicturesTests.Paths.SelectMany(path => Enum.GetValues<Look>().Select(look => new TheoryDataRow<string, Look>(path, look)))];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Each_page_can_be_read(string path, Look look)
    {
        await using var viewer = await Viewer.OpenAsync(fixture.Chromium, fixture.App, $"/{path}", look);
        await Expect(viewer.Page.Locator("main h1")).ToBeVisibleAsync();
        await NothingIsAsync("too pale", Pale, viewer.Page);
        await NothingIsAsync("on something else", Overlapping, viewer.Page);
        await NothingIsAsync("cut", Cut, viewer.Page);
        await NothingIsAsync("without a name", Nameless, viewer.Page);
    }

    private static async Task NothingIsAsync(string what, string script, IPage page)
    {
        var found = await page.EvaluateAsync<string[]>(script);
        Assert.True(found.Length == 0, $"{what}: {string.Join("; ", found.Take(12))}");
    }
}
