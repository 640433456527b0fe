using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace CodexSales.Node.Commands;

/// <summary>What is wrong with a command line, in one sentence that names the option and what was expected.</summary>
internal static class Complaints
{
    /// <summary>The first thing that is wrong, or null when all is well or only help is wanted.</summary>
    public static string? About(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0 || parsed.Action is HelpAction)
        {
            return null;
        }

        return AboutUnknown(parsed)
            ?? AboutRepeated(parsed)
            ?? AboutMissingValue(parsed)
            ?? AboutMissingOption(parsed)
            ?? parsed.Errors[0].Message;
    }

    private static string? AboutUnknown(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.Count == 0)
        {
            return null;
        }

        var token = parsed.UnmatchedTokens[0];
        var command = parsed.CommandResult.Command;
        if (!token.StartsWith('-') && command is RootCommand)
        {
            var commands = string.Join(" or ", command.Subcommands.Select(each => each.Name));
            return $"'{token}' is given, but {commands} is expected as the command.";
        }

        var name = command is RootCommand ? "demo" : command.Name;
        var options = string.Join(", ", command.Options.Where(option => !option.Hidden).Select(option => option.Name));
        return $"{token}: not known to {name}, which expects options out of {options}.";
    }

    private static string? AboutRepeated(ParseResult parsed) => OptionsOf(parsed)
        .Where(option => option.IdentifierTokenCount > 1 && option.Option.Arity.MaximumNumberOfValues <= 1)
        .Select(option => $"{option.Option.Name}: given {option.IdentifierTokenCount} times, but expected only once.")
        .FirstOrDefault();

    private static string? AboutMissingValue(ParseResult parsed) => OptionsOf(parsed)
        .Where(option => !option.Implicit && option.Tokens.Count < option.Option.Arity.MinimumNumberOfValues)
        .Select(option => $"{option.Option.Name}: given without a value, but {option.Option.HelpName} is expected after it.")
        .FirstOrDefault();

    private static string? AboutMissingOption(ParseResult parsed) => parsed.CommandResult.Command.Options
        .Where(option => option.Required && parsed.GetResult(option) is null or { Implicit: true })
        .Where(option => option.Required)
        .Select(option => $"{option.Name}: not given, but {option.Name} {option.HelpName} is expected.")
        .FirstOrDefault();

    private static IEnumerable<OptionResult> OptionsOf(ParseResult parsed) => parsed.CommandResult.Children.OfType<OptionResult>();
}
