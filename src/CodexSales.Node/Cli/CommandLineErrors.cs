using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace CodexSales.Node.Cli;

/// <summary>The fault of a command line, in one sentence that names the option and what was expected.</summary>
internal static class CommandLineErrors
{
    /// <summary>The first thing that is wrong, or null when all is well or only help is wanted.</summary>
    public static string? About(ParseResult parsed)
    {
        return parsed.Action is HelpAction || parsed.Tokens is [{ Type: TokenType.Directive }, ..]
            ? null
            : AboutMissingValue(parsed)
                ?? AboutUnknown(parsed)
                ?? AboutMissingCommand(parsed)
                ?? AboutRepeated(parsed)
                ?? AboutMissingOption(parsed)
                ?? (parsed.Errors.Count > 0 ? parsed.Errors[0].Message : null);
    }

    private static string? AboutUnknown(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.Count == 0)
        {
            return null;
        }

        var token = parsed.UnmatchedTokens[0];
        var command = parsed.CommandResult.Command;
        if (!token.StartsWith('-') && command.Subcommands.Count > 0)
        {
            var where = command is RootCommand ? "as the command" : $"after {command.Name}";
            return $"'{token}' is given, but {NamesOfCommands(command)} is expected {where}.";
        }

        var name = command is RootCommand ? "demo" : command.Name;
        var options = command.Options
            .Where(option => option is not (HelpOption or VersionOption))
            .Select(option => option.Name)
            .ToList();
        return $"{token}: not known to {name}, which expects {(options.Count == 0 ? "nothing more" : $"options out of {string.Join(", ", options)}")}.";
    }

    private static string? AboutMissingCommand(ParseResult parsed) =>
        parsed.CommandResult.Command is { Action: null } command and not RootCommand
            ? $"{command.Name}: {NamesOfCommands(command)} is expected after it."
            : null;

    private static string NamesOfCommands(Command command)
    {
        var names = command.Subcommands.Select(each => each.Name).ToList();
        return $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";
    }

    private static string? AboutRepeated(ParseResult parsed) => OptionsOf(parsed)
        .Where(option => option.IdentifierTokenCount > 1 && option.Option.Arity.MaximumNumberOfValues <= 1)
        .Select(option => $"{option.Option.Name}: given {option.IdentifierTokenCount} times, but expected only once.")
        .FirstOrDefault();

    // An option that needs a value takes what follows for it, also when that is the next option.
    private static string? AboutMissingValue(ParseResult parsed) => OptionsOf(parsed)
        .Where(option => !option.Implicit && option.Option.Arity.MinimumNumberOfValues > 0)
        .Where(option => option.Tokens.Count == 0 || option.Tokens.Any(token => IsOption(parsed, token.Value)))
        .Select(option => option.Option)
        .Select(option => $"{option.Name}: given without a value, but {option.HelpName} is expected after it.")
        .FirstOrDefault();

    private static bool IsOption(ParseResult parsed, string token) =>
        parsed.CommandResult.Command.Options.Any(option => option.Name == token);

    private static string? AboutMissingOption(ParseResult parsed) => parsed.CommandResult.Command.Options
        .Where(option => option.Required && parsed.GetResult(option) is null or { Implicit: true })
        .Select(option => $"{option.Name}: not given, but {option.Name} {option.HelpName} is expected.")
        .FirstOrDefault();

    private static IEnumerable<OptionResult> OptionsOf(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<OptionResult>();
}
