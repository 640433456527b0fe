using System.CommandLine;

namespace CodexSales.Node.Cli;

/// <summary>Options whose values are numbers in a range, which their help tells.</summary>
internal static class NumberOption
{
    /// <param name="usual">The number when it is not given.</param>
    public static Option<int> Integer(string name, string what, int usual, int least, int most) => new(name)
    {
        Description = $"{what}; {least} to {most}",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => usual,
        CustomParser = given => ParsedOption.Parse<int>(
            given,
            name,
            $"a whole number from {least} to {most}",
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, null, out var value) && value >= least && value <= most
                ? value
                : null).GetValueOrDefault(),
    };

    /// <param name="usual">The number when it is not given; null when there is none.</param>
    public static Option<double?> Decimal(string name, string what, double? usual, double least, double most) => new(name)
    {
        Description = $"{what}; {least} to {most}",
        HelpName = "NUMBER",
        DefaultValueFactory = usual is null ? null : _ => usual,
        CustomParser = given => ParsedOption.Parse<double>(
            given,
            name,
            $"a number from {least} to {most}",
            text => double.TryParse(text, NumberStyles.AllowDecimalPoint, null, out var value) && value >= least && value <= most
                ? value
                : null),
    };
}
