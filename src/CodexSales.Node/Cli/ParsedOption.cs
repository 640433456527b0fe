using System.CommandLine;
using System.CommandLine.Parsing;

namespace CodexSales.Node.Cli;

/// <summary>Options of one value, which is parsed, or refused in a sentence that says what is expected.</summary>
internal static class ParsedOption
{
    /// <summary>An option that is null unless it is given.</summary>
    public static Option<T?> Make<T>(string name, string what, string helpName, string expected, Func<string, T?> parse)
        where T : struct => new(name)
        {
            Description = what,
            HelpName = helpName,
            CustomParser = given => Parse(given, name, expected, parse),
        };

    /// <summary>The value that is given; null with an error where it can't be parsed.</summary>
    public static T? Parse<T>(ArgumentResult given, string name, string expected, Func<string, T?> parse)
        where T : struct
    {
        var text = given.Tokens[0].Value;
        var value = parse(text);
        if (value is null)
        {
            given.AddError($"{name}: '{text}' is given, but {expected} is expected.");
        }

        return value;
    }
}
