using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using CodexSales.Node.Cli;
using CodexSales.Rx.Hosting;
using Microsoft.Extensions.Configuration;

namespace CodexSales.Node.Run;

/// <summary>Options of "run" that are not on its command line: those of the environment, then those of the settings file.</summary>
/// <remarks>They are merged into the arguments, so that parsing and errors are the same.</remarks>
internal sealed class RunSettings
{
    /// <summary>The section of the file that has the options, by their names.</summary>
    public const string Section = "run";

    // A cluster puts these into the environment of everything beside a service that is called codexsales.
    // And the verbs that ask a node that runs find it there.
    private static readonly string[] _ofClusters = ["--port", "--port-", "--service-host", "--service-port", "--node"];

    // Options that run programs, or name keys: one who may write them may take everything.
    private static readonly string[] _trusted =
        ["--hook", "--alert-program", "--key-file", "--password-file", "--signer", "--account", "--payout-to"];

    private readonly HashSet<string> _given;
    private readonly List<string> _warnings = [];
    private readonly List<string> _arguments = [];
    private readonly Dictionary<string, string> _origins = [];

    private RunSettings(ParseResult given) => _given = [.. given.CommandResult.Children
        .OfType<OptionResult>()
        .Where(option => !option.Implicit)
        .Select(option => option.Option.Name)];

    /// <summary>The whole command line: what is given, with what stands elsewhere.</summary>
    /// <param name="root">The program.</param>
    /// <param name="given">What was typed.</param>
    /// <param name="parsing">How it is parsed.</param>
    /// <param name="environment">Where the rest stands.</param>
    /// <returns>And the sentence on what is wrong with it; null when nothing is.</returns>
    public static (ParseResult Parsed, string? Complaint, IReadOnlyList<string> Warnings) Merge(
        Command root, IReadOnlyList<string> given, ParserConfiguration parsing, CliEnvironment environment)
    {
        var settings = Read(root.Parse(given, parsing), environment);
        var parsed = root.Parse([.. given, .. settings._arguments], parsing);
        return (parsed, CommandLineErrors.About(parsed) is { } complaint ? settings.Attribute(complaint) : null, settings._warnings);
    }

    private static RunSettings Read(ParseResult given, CliEnvironment environment)
    {
        var settings = new RunSettings(given);
        settings.Take(
            environment.Environment, name => $"{CliEnvironment.EnvironmentPrefix}{name.ToUpperInvariant()}: ");
        if (environment.SettingsFile is { } path)
        {
            settings.RefuseWritableByOthers(path);
            settings.Take(ReadFile(path).GetSection(Section), _ => $"{Path.GetFileName(path)}: ");
        }

        return settings;
    }

    // A complaint with the place from which the option came that it is about.
    private string Attribute(string complaint) =>
        _origins.FirstOrDefault(origin => complaint.StartsWith(origin.Key + ':', StringComparison.Ordinal)).Value
            + complaint;

    // An option is taken from one place as a whole: lists of two places are not mixed.
    private void Take(IConfiguration place, Func<string, string> describe)
    {
        foreach (var setting in place.GetChildren())
        {
            var name = NameOf(setting);
            var items = setting.GetChildren().ToList();
            var values = setting.Value is { } value ? [value] : items.ConvertAll(item => item.Value);
            if (place is not IConfigurationSection && IsOfCluster(name))
            {
                _warnings.Add($"{describe(setting.Key)}'{setting.Value}' is ignored: it is no option of run.");
                continue;
            }

            if (values.Count == 0 || !_given.Add(name))
            {
                continue;
            }

            if (items.Exists(item => !item.Key.All(char.IsAsciiDigit) || item.GetChildren().Any()))
            {
                throw new CannotSellException($"{describe(setting.Key)}{name}: a value or a list of values is expected, but fields are given below it.");
            }

            _origins.Add(name, describe(setting.Key));
            foreach (var one in values)
            {
                _arguments.AddRange([name, one ?? ""]);
            }
        }
    }

    private static string NameOf(IConfigurationSection setting) => "--" + setting.Key.Replace('_', '-').ToLowerInvariant();

    private static bool IsOfCluster(string name) =>
        _ofClusters.Any(known => known.EndsWith('-') || known == "--service-port"
            ? name.StartsWith(known, StringComparison.Ordinal)
            : name == known);

    private void RefuseWritableByOthers(string path)
    {
        if (FindOthers(path) is not { } others)
        {
            return;
        }

        var names = ReadFile(path).GetSection(Section).GetChildren().Select(NameOf);
        if (names.FirstOrDefault(name => _trusted.Contains(name) && !_given.Contains(name)) is { } trusted)
        {
            throw new CannotSellException($"{trusted}: {path} {others}");
        }
    }

    private static string? FindOthers(string path) =>
        OperatingSystem.IsWindows() || !File.Exists(path) ? null
        : FileOwner.IsStranger(path) ? "belongs to another user, so it is not taken from there: change that with \"chown\" first."
        : (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0
            ? "may be written by others than its owner, so it is not taken from there: change that with \"chmod go-w\" first."
        : null;

    private static IConfigurationRoot ReadFile(string path)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(path, optional: true).Build();
        }
        catch (InvalidDataException malformed)
        {
            var fault = malformed.GetBaseException();
            var line = fault is JsonException { LineNumber: { } before } ? $", line {before + 1}" : "";
            var why = fault.Message.Split(" LineNumber:")[0].TrimEnd('.');
            throw new CannotSellException($"{path}{line}: JSON is expected, but it is malformed: {why}.", malformed);
        }
    }
}
