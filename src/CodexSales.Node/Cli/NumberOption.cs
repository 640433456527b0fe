using System.CommandLine;
using System.CommandLine.Parsing;

namespace CodexSales.Node.Cli;

/// <summary>Options whose values are numbers in a range, which their help tells.</summary>
internal static class NumberOption
{
    /// <summary>A whole number.</summary>
    /// <param name="name">The option.</param>
    /// <param name="what">What it says, with its unit.</param>
    /// <param name="usual">The number when it is not given.</param>
    /// <param name="least">The least number that is taken.</param>
    /// <param name="most">The greatest number that is taken.</param>
    public static Option<int> Whole(string name, string what, int usual, int least, int most) => new(name)
    {
        Description = $"{what}; {least} to {most}",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => usual,
        CustomParser = given => int.TryParse(Text(given), NumberStyles.AllowLeadingSign, null, out var value)
            && value >= least && value <= most
                ? value
                : Refuse<int>(given, name, $"a whole number from {least} to {most}"),
    };

    /// <summary>A number that may have a fraction.</summary>
    /// <param name="name">The option.</param>
    /// <param name="what">What it says, with its unit.</param>
    /// <param name="usual">The number when it is not given; null when there is none.</param>
    /// <param name="least">The least number that is taken.</param>
    /// <param name="most">The greatest number that is taken.</param>
    public static Option<double?> Any(string name, string what, double? usual, double least, double most)
    {
        var option = new Option<double?>(name)
        {
            Description = $"{what}; {least} to {most}",
            HelpName = "NUMBER",
            CustomParser = given => double.TryParse(Text(given), NumberStyles.AllowDecimalPoint, null, out var value)
                && value >= least && value <= most
                    ? value
                    : Refuse<double?>(given, name, $"a number from {least} to {most}"),
        };
        if (usual is not null)
        {
            option.DefaultValueFactory = _ => usual;
        }

        return option;
    }

    private static string Text(ArgumentResult given) => given.Tokens[0].Value;

    private static T? Refuse<T>(ArgumentResult given, string name, string expected)
    {
        given.AddError($"{name}: '{Text(given)}' is given, but {expected} is expected.");
        return default;
    }
}
