using System.Net;

namespace CodexSales.Rx.Web.Settings;

/// <summary>
/// Who may look at a host and steer it over HTTP, and how much at a time. The section <c>Web</c> of the host's configuration names each
/// value by its property. Read once, at the start.
/// </summary>
/// <remarks>
/// The limits are those of the whole web server of the app: an app with other pages of its own may set them again, after
/// <see cref="CodexSalesWebExtensions.AddCodexSalesWeb"/>, on the options of Kestrel.
/// </remarks>
public sealed class WebOptions
{
    private const int LargestBody = 16 * 1024 * 1024;
    private const int LargestHeaders = 1024 * 1024;
    private const int SmallestLimit = 1_024;

    /// <summary>
    /// The file with the token that everybody needs who asks: at least 16 visible ASCII characters, and at most an end of line after
    /// them. Only its owner may read it. Null to need none: then the app listens to this machine alone, and starts on no other address.
    /// </summary>
    /// <value>Null by default.</value>
    public string? TokenFile { get; set; }

    /// <summary>
    /// The origins of pages on other sites that may use the API of Codex from a browser, such as <c>https://marketplace.codex.storage</c>.
    /// They may do all that it can do, and with a token they need that, too.
    /// </summary>
    /// <value>None by default.</value>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// The path below which a proxy serves the app, such as <c>/sales</c>, whether or not the proxy takes it off. A proxy passes the
    /// name of the host on as the browser sent it.
    /// </summary>
    /// <value>Null by default: the root.</value>
    public string? PathBase { get; set; }

    /// <summary>
    /// The proxies on other machines that are believed when they say in <c>X-Forwarded-Proto</c> that a browser came by TLS: addresses such
    /// as <c>10.0.0.7</c>, or networks such as <c>10.0.0.0/24</c>. Those on this machine always are. Cookies are for TLS alone then.
    /// </summary>
    /// <value>None by default.</value>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>The longest body of a request, in bytes.</summary>
    /// <value>65,536 by default; from 1,024 to 16 MiB.</value>
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>The longest headers of a request, in bytes.</summary>
    /// <value>32,768 by default; from 1,024 to 1 MiB.</value>
    public int MaxHeaderBytes { get; set; } = 32 * 1024;

    /// <summary>How many connections are open at once; another one is closed.</summary>
    /// <value>1,000 by default; from 1 to 100,000.</value>
    public int MaxConnections { get; set; } = 1_000;

    /// <summary>How many requests are answered at once, viewers not counted; another one is answered with 503.</summary>
    /// <value>100 by default; from 1 to 10,000.</value>
    public int MaxRequests { get; set; } = 100;

    /// <summary>
    /// How many live pages and live lists are followed at once, together. Another list is answered with 503; another page says that there
    /// are too many, and follows nothing.
    /// </summary>
    /// <value>200 by default; from 1 to 10,000.</value>
    public int MaxViewers { get; set; } = 200;

    /// <summary>The network of a proxy, or of one address; null where it is none.</summary>
    internal static IPNetwork? ParseProxy(string? text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    internal IEnumerable<string> FindErrors() =>
    [
        .. AllowedOrigins.SelectMany((origin, place) => OptionErrors.Unless(
            IsOrigin(origin), $"{nameof(AllowedOrigins)}:{place}", $"'{origin}'",
            "an origin such as https://example.org, without a path and without *,")),
        .. OptionErrors.Unless(
            PathBase is null || IsPath(PathBase), nameof(PathBase), $"'{PathBase}'",
            "a path such as /sales, of letters, digits, '-', '.', '_', '~' and '/', without a '/' at its end,"),
        .. TrustedProxies.SelectMany((proxy, place) => OptionErrors.Unless(
            ParseProxy(proxy) is not null, $"{nameof(TrustedProxies)}:{place}", $"'{proxy}'",
            "an address such as 10.0.0.7, or a network such as 10.0.0.0/24,")),
        .. Within(nameof(MaxBodyBytes), MaxBodyBytes, SmallestLimit, LargestBody),
        .. Within(nameof(MaxHeaderBytes), MaxHeaderBytes, SmallestLimit, LargestHeaders),
        .. Within(nameof(MaxConnections), MaxConnections, 1, 100_000),
        .. Within(nameof(MaxRequests), MaxRequests, 1, 10_000),
        .. Within(nameof(MaxViewers), MaxViewers, 1, 10_000),
    ];

    private static IEnumerable<string> Within(string name, int value, int least, int most) =>
        OptionErrors.Unless(value >= least && value <= most, name, value, $"{least} to {most}");

    // As browsers send it: what is not the same text would never be the same origin.
    private static bool IsOrigin(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { UserInfo.Length: 0 }
        && uri.GetLeftPart(UriPartial.Authority) == text;

    private static bool IsPath(string text) =>
        text.StartsWith('/')
        && !text.EndsWith('/')
        && text[1..].Split('/').All(part => part is not ("" or "." or "..")
            && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~'));
}
