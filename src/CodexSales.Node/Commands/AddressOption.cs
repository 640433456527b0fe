using System.CommandLine;
using System.CommandLine.Parsing;
using CodexSales.Rx.Domain;

namespace CodexSales.Node.Commands;

/// <summary>Options that take an account or a contract.</summary>
internal static class AddressOption
{
    /// <summary>An option that is null unless it is given.</summary>
    /// <param name="name">The option.</param>
    /// <param name="what">What it says.</param>
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

        given.AddError($"{name}: '{text}' is given, but an address is expected: 0x and 40 hexadecimal digits, whose case is all upper, all lower, or its checksum (ERC-55).");
        return null;
    }
}
