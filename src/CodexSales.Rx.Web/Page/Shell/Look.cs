using MudBlazor;

namespace CodexSales.Rx.Web.Page.Shell;

/// <summary>Colours and letters.</summary>
internal static class Look
{
    private static readonly string[] _letters = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b5fc4", PrimaryContrastText = "#ffffff", Secondary = "#9a6700", Success = "#1a7f37", Warning = "#9a6700", Error = "#c11f2b", Info = "#0b5fc4",
            Background = "#f5f7f9", BackgroundGray = "#eceff3", Surface = "#ffffff", TextPrimary = "#1b2027", TextSecondary = "#56606c",
            Divider = "#dfe4ea", LinesDefault = "#dfe4ea", LinesInputs = "#aab4c0", TableLines = "#e6eaef", ActionDefault = "#56606c",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#6cb2ff", PrimaryContrastText = "#0a1420", Secondary = "#e3b341", Success = "#56d364", Warning = "#e3b341", Error = "#ff7b72", Info = "#6cb2ff",
            Background = "#0d1116", BackgroundGray = "#171c23", Surface = "#151a21", TextPrimary = "#e8edf3", TextSecondary = "#98a3b0",
            Divider = "#2a313b", LinesDefault = "#2a313b", LinesInputs = "#4b5664", TableLines = "#222932", ActionDefault = "#98a3b0",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = _letters, FontSize = ".875rem", LineHeight = "1.45" },
            Button = new ButtonTypography { FontFamily = _letters, TextTransform = "none", FontWeight = "600" },
        },
    };
}
