using System.CommandLine;
using CodexSales.Node.Cli;
using CodexSales.Rx.Web.Settings;

namespace CodexSales.Node.Serving;

/// <summary>The options of a command that listens: where, and who may come in.</summary>
/// <param name="usual">The address when none is given; null for none.</param>
internal sealed class AccessOptions(string? usual)
{
    private readonly Option<string?> _listen = ListenOption.Make(usual);

    private readonly Option<string?> _tokenFile = TextOption.One(
        "--token-file", "The token that everybody needs who asks: at least 16 characters; only its owner may read it", "FILE");

    private readonly Option<string[]> _allowedOrigins = TextOption.Several(
        "--allow-origin", "A site whose pages may use the API of Codex from a browser, once or more, such as https://app.example", "ORIGIN");

    private readonly Option<string?> _pathBase = TextOption.One(
        "--path-base", "The path below which a proxy serves it, such as /sales [default: the root]", "PATH");

    private readonly Option<string[]> _trustedProxies = TextOption.Several(
        "--trusted-proxy",
        "A proxy on another machine that is believed when it says that a browser came by TLS, once or more, such as 10.0.0.7 or 10.0.0.0/24",
        "ADDRESS");

    public IEnumerable<Option> All => [_listen, _tokenFile, _allowedOrigins, _pathBase, _trustedProxies];

    /// <summary>Where to listen; null for nowhere.</summary>
    public Uri? AddressOf(ParseResult parsed) => ListenOption.AddressOf(parsed.GetValue(_listen));

    /// <summary>The sentence on what does not go together; null when all is well.</summary>
    public string? FindFault(ParseResult parsed) => AddressOf(parsed) switch
    {
        { } address when parsed.GetValue(_tokenFile) is null && !ListenOption.IsLocal(address) =>
            $"--token-file: not given, but expected with {ListenOption.Name} {address}, which others can reach: whoever can, may steer this host.",
        _ => null,
    };

    /// <summary>Sets who may come in.</summary>
    public void Set(WebOptions options, ParseResult parsed)
    {
        options.TokenFile = parsed.GetValue(_tokenFile);
        options.PathBase = parsed.GetValue(_pathBase);
        foreach (var origin in parsed.GetValue(_allowedOrigins)!)
        {
            options.AllowedOrigins.Add(origin);
        }

        foreach (var proxy in parsed.GetValue(_trustedProxies)!)
        {
            options.TrustedProxies.Add(proxy);
        }
    }
}
