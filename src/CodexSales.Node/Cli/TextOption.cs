using System.CommandLine;
using System.CommandLine.Parsing;

namespace CodexSales.Node.Cli;

/// <summary>Options whose values are taken as they are.</summary>
internal static class TextOption
{
    /// <summary>One text, or null unless it is given.</summary>
    public static Option<string?> One(string name, string what, string helpName) => new(name)
    {
        Description = what,
        HelpName = helpName,
    };

    public static Option<string> Required(string name, string what, string helpName) => new(name)
    {
        Description = what,
        HelpName = helpName,
        Required = true,
        Validators = { given => RefuseEmpty(given, name, helpName) },
    };

    /// <summary>Refuses a text that is none.</summary>
    public static void RefuseEmpty(SymbolResult given, string name, string expected)
    {
        if (given.Tokens is [{ Value: var text }, ..] && string.IsNullOrWhiteSpace(text))
        {
            given.AddError($"{name}: '{text}' is given, but {expected} is expected.");
        }
    }

    /// <summary>As many texts as are given.</summary>
    public static Option<string[]> Several(string name, string what, string helpName) => new(name)
    {
        Description = what,
        HelpName = helpName,
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => [],
    };
}
