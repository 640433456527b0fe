using System.Text;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>A picture's text, in whole pixels: no fonts, no scripts, colours for light and dark backgrounds.</summary>
internal sealed class SvgText(int width)
{
    // Each colour by its name, for light backgrounds and for dark ones.
    private static readonly (string Name, string Light, string Dark)[] Colours =
    [
        ("paper", "#fff", "#0d1117"), ("ink", "#1f2328", "#f0f6fc"), ("faint", "#59636e", "#9198a1"),
        ("line", "#d1d9e0", "#3d444d"), ("in", "#0b63ce", "#58a6ff"), ("out", "#1a7f37", "#56d364"),
        ("worker", "#9a6700", "#e3b341"), ("bar", "#e0a82e", "#bb8009"), ("gone", "#6e7781", "#afb8c1"),
        ("bad", "#cf222e", "#ff7b72"), ("sign", "#fff", "#0d1117"),
    ];

    private static readonly string Style = $$"""
        svg { {{Variables(colour => colour.Light)}} }
        @media (prefers-color-scheme: dark) { svg { {{Variables(colour => colour.Dark)}} } }
        text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: var(--ink) }
        .title { font: 600 16px system-ui, -apple-system, "Segoe UI", sans-serif }
        .small { font-size: 11px; fill: var(--faint) } .meaning { font-size: 12px }
        .time { font-size: 11px; fill: var(--faint); text-anchor: middle }
        .label { text-anchor: end } .label.worker { fill: var(--worker) }
        .label.in { fill: var(--in) } .label.out { fill: var(--out) }
        .paper { fill: var(--paper) } .grid, .lane { stroke: var(--line) } .grid { stroke-dasharray: 1 3 }
        circle.in { fill: var(--in) } circle.out { fill: var(--out) }
        circle.gone { fill: var(--gone) } circle.bad { fill: var(--bad) }
        .sign { font-weight: 700; fill: var(--sign); text-anchor: middle } .sign.legend { font-size: 11px }
        .busy { fill: var(--bar) } .hosted { fill: var(--bar); opacity: .55 }
        .cut { fill: none; stroke: var(--faint); stroke-width: 1.5 }
        """;

    private readonly StringBuilder _body = new();

    public int Width => width;

    public void Line(string kind, int x1, int y1, int x2, int y2) =>
        Add($"""<line class="{kind}" stroke="{ColourOf(kind)}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>""");

    public void Text(string kind, int x, int y, string text) =>
        Add($"""<text class="{kind}" {Fill(kind)} x="{x}" y="{y}">{Escape(text)}</text>""");

    public void Box(string kind, int x, int y, int w, int h, int round) =>
        Add($"""<rect class="{kind}" {Fill(kind)} x="{x}" y="{y}" width="{w}" height="{h}" rx="{round}"/>""");

    /// <summary>A marble with its sign, and what it stands for as a tooltip; a small one without.</summary>
    public void Marble(string kind, int x, int y, char sign, string? meaning)
    {
        var isSmall = meaning is null;
        var title = isSmall ? "" : $"<title>{Escape(meaning!)}</title>"; // Only the small ones have none.
        Add($"""<g>{title}<circle class="{kind}" {Fill(kind)} cx="{x}" cy="{y}" r="{(isSmall ? 8 : 11)}"/>""");
        Text(isSmall ? "sign legend" : "sign", x, y + (isSmall ? 4 : 5), sign.ToString());
        Add($"</g>");
    }

    /// <summary>A gap from top to bottom, between two edges: time that is left out.</summary>
    public void Cut(int x, int top, int bottom)
    {
        Box("paper", x - 6, top, 12, bottom - top, 0);
        var edges = Edge(x - 6, top, bottom) + Edge(x + 6, top, bottom);
        Add($"""<path class="cut" fill="none" stroke="{ColourOf("cut")}" d="{edges}"/>""");
    }

    /// <summary>A text that is broken into lines where it is too long.</summary>
    /// <returns>Where the next line would stand.</returns>
    public int Paragraph(string text, string kind, int x, int y, int letterWidth, int lineHeight)
    {
        var most = (width - x - 20) / letterWidth;
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > most)
            {
                Text(kind, x, y, line);
                (line, y) = (word, y + lineHeight);
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        Text(kind, x, y, line);
        return y + lineHeight;
    }

    public string Close(string title, int height) => string.Create(CultureInfo.InvariantCulture, $"""
        <svg xmlns="http://www.w3.org/2000/svg" role="img"
          viewBox="0 0 {width} {height}" width="{width}" height="{height}">
        <title>{Escape(title)}</title>
        <style>
        {Style}
        </style>
        <rect class="paper" {Fill("paper")} width="{width}" height="{height}" rx="8"/>
        {_body}</svg>

        """);

    private static string Variables(Func<(string Name, string Light, string Dark), string> valueOf) =>
        string.Join("; ", Colours.Select(colour => $"--{colour.Name}: {valueOf(colour)}"));

    private static string Fill(string kind) => $"fill=\"{ColourOf(kind)}\"";

    // The light colour stands at each element as an attribute too: without it, viewers that know no CSS variables draw
    // black on black.
    private static string ColourOf(string kind)
    {
        var name = kind switch
        {
            "title" or "meaning" => "ink",
            "small" or "time" or "cut" => "faint",
            "grid" or "lane" => "line",
            "busy" or "hosted" => "bar",
            "sign legend" => "sign",
            _ => kind.Split(' ')[^1],
        };
        return Colours.Single(colour => colour.Name == name).Light;
    }

    private static string Edge(int x, int top, int bottom)
    {
        var edge = new StringBuilder().Append(CultureInfo.InvariantCulture, $"M{x} {top}");
        for (var (y, isOut) = (top + 6, true); y <= bottom; (y, isOut) = (y + 6, !isOut))
        {
            edge.Append(CultureInfo.InvariantCulture, $"L{x + (isOut ? 3 : 0)} {y}");
        }

        return edge.ToString();
    }

    private void Add(FormattableString element) =>
        _body.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
