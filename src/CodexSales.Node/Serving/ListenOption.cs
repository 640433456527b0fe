using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;

namespace CodexSales.Node.Serving;

/// <summary>"--listen": where the page and the APIs are served.</summary>
internal static class ListenOption
{
    public const string Name = "--listen";

    private const string Off = "none";

    /// <param name="usual">The address when it is not given; null for none.</param>
    public static Option<string?> Make(string? usual) => new(Name)
    {
        Description = "Where the page and the APIs of this host are served, or none; on another address than this machine's own only "
            + "with --token-file",
        HelpName = "URL",
        CustomParser = Read,
        DefaultValueFactory = usual is null ? null : _ => usual,
    };

    /// <summary>The address that was given; null for none.</summary>
    public static Uri? AddressOf(string? given) => given is null or Off ? null : new Uri(given);

    /// <summary>Whether only this machine can reach an address.</summary>
    public static bool IsLocal(Uri address) =>
        address.IsLoopback && (!IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) || IPAddress.IsLoopback(ip));

    private static string? Read(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        if (text != Off && !IsAddress(text))
        {
            given.AddError($"{Name}: '{text}' is given, but none, or a URL such as http://127.0.0.1:8080 of an address of this machine is expected.");
        }

        return text;
    }

    // Kestrel listens on all addresses of the machine for a name that it does not know.
    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address is { Scheme: "http", PathAndQuery: "/", UserInfo: "", Fragment: "" }
        && (address.Host == "localhost" || IPAddress.TryParse(address.Host.Trim('[', ']'), out _));
}
