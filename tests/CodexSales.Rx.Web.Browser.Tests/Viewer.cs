namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>One browser window on the page, which notes what goes wrong in it.</summary>
internal sealed class Viewer : IAsyncDisposable
{
    /// <summary>No page yet.</summary>
    public const string Blank = "about:blank";

    private const float Patience = 60_000;

    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [];

    private Viewer(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>What the console and the scripts have complained of.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public static async Task<Viewer> OpenAsync(Chromium chromium, SellingApp app, string path, Look look = Look.Light, string? address = null)
    {
        var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address ?? app.Address,
            ColorScheme = look is Look.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = look is Look.Phone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1440, Height = 900 },
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        SetDefaultExpectTimeout(Patience);
        var page = await context.NewPageAsync();
        var viewer = new Viewer(context, page);
        page.Console += (_, message) => viewer.Note(message.Type is "error" or "warning" ? message.Text : null);
        page.PageError += (_, error) => viewer.Note(error);
        page.Dialog += (_, dialog) => viewer.Note($"a dialog of the browser: {dialog.Message}");
        if (path != Blank)
        {
            await page.GotoAsync(path);
            await viewer.FollowAsync();
        }

        return viewer;
    }

    /// <summary>Waits until the page is live: before, it is a picture of what was. Or until the token is asked for.</summary>
    public Task FollowAsync() => Page.Locator(".shell[aria-busy=false], main.full, form #token").WaitForAsync();

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Note(string? error)
    {
        if (error is not null)
        {
            _errors.Add(error);
        }
    }
}
