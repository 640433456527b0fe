using System.CommandLine;
using System.CommandLine.Parsing;

namespace CodexSales.Node.Cli;

/// <summary>Options that take an account or a contract.</summary>
internal static class AddressOption
{
    /// <summary>An option that is null unless it is given.</summary>
    public static Option<Address?> Make(string name, string what) => new(name)
    {
        Description = what,
        HelpName = "ADDRESS",
        CustomParser = given => Read(given, name),
    };

    private static Address? Read(ArgumentResult given, string name)
    {
        var text = given.Tokens[0].Value;
        if (Address.TryParse(text, out var address))
        {
            return address;
        }

        // Of one case it would be an address.
        var isTyped = text.StartsWith("0x", StringComparison.Ordinal) && Address.TryParse($"0x{text[2..].ToUpperInvariant()}", out _);
        given.AddError($"{name}: '{text}' is given, but an address is expected: "
            + (isTyped ? "the case of its letters is its checksum (ERC-55), and is another." : "0x and 40 hexadecimal digits."));
        return null;
    }
}
