using System.CommandLine;
using System.CommandLine.Parsing;
using CodexSales.Rx.Ethereum.LocalKey;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Node.Cli;

/// <summary>Options that take the URL of a node or a signer, or a file with it.</summary>
/// <remarks>A wrong URL is not repeated: it may have a key in it, which a file hides from those who see the command line.</remarks>
internal static class EndpointOption
{
    private const string File = "file:";

    public static Option<ImmutableArray<string>> Several(string name, string what) => new(name)
    {
        Description = what,
        HelpName = "URL",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = given => [.. given.Tokens
            .Select(token => Read(given, name, token.Value))
            .OfType<string>()],
    };

    /// <summary>A URL, or null unless it is given.</summary>
    public static Option<string?> One(string name, string what) => new(name)
    {
        Description = what,
        HelpName = "URL",
        CustomParser = given => Read(given, name, given.Tokens[0].Value),
    };

    private static string? Read(ArgumentResult given, string name, string text)
    {
        var isFile = text.StartsWith(File, StringComparison.Ordinal);
        var path = isFile && text.StartsWith(File + "//", StringComparison.Ordinal) ? text[7..] : text[(isFile ? 5 : 0)..];
        try
        {
            var url = isFile ? new string(PrivateFile.ReadText(path)).Trim() : text;
            if (RpcEndpoint.TryParse(url, out _, out _))
            {
                return url;
            }

            given.AddError(
                $"{name}: {(isFile ? $"{path} is given, but " : "")}a URL that begins with http://, https://, ws:// or "
                    + $"wss:// is expected{(isFile ? " in it" : "")}.");
        }
        catch (KeyFileException unreadable)
        {
            given.AddError($"{name}: {unreadable.Message}");
        }

        return null;
    }
}
