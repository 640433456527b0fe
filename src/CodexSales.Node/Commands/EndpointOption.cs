using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Node.Commands;

/// <summary>Options that take the URL of a node or a signer.</summary>
/// <remarks>What is wrong is not repeated: it may have a key in it.</remarks>
internal static class EndpointOption
{
    /// <summary>One or more URLs.</summary>
    public static Option<ImmutableArray<RpcEndpoint>> Several(string name, string what) => new(name)
    {
        Description = what,
        HelpName = "URL",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = given => [.. given.Tokens
            .Select(token => Read(given, name, token.Value))
            .OfType<RpcEndpoint>()],
    };

    /// <summary>A URL, or null unless it is given.</summary>
    public static Option<RpcEndpoint?> One(string name, string what) => new(name)
    {
        Description = what,
        HelpName = "URL",
        CustomParser = given => Read(given, name, given.Tokens[0].Value),
    };

    private static RpcEndpoint? Read(ArgumentResult given, string name, string text)
    {
        if (!RpcEndpoint.TryParse(text, out var endpoint, out _))
        {
            given.AddError($"{name}: a URL that begins with http://, https://, ws:// or wss:// is expected.");
        }

        return endpoint;
    }
}
