using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using CodexSales.Node.Cli;
using CodexSales.Rx.Ethereum.LocalKey;

namespace CodexSales.Node.Remote;

/// <summary>Makes verbs that ask a node that runs.</summary>
internal sealed class RemoteVerbs(CliEnvironment environment)
{
    public const string NodeName = "--node";

    private const string UsualNode = "http://127.0.0.1:8080";

    // What stands before a name and a password, a query, or a fragment.
    private static readonly SearchValues<char> _ofSecrets = SearchValues.Create("@?#");

    private readonly Option<string?> _node = TextOption.One(
        NodeName, $"Where the node listens, with the path below which it is served, if any; CODEXSALES_NODE where it is not given, else {UsualNode}", "URL");

    private readonly Option<string?> _tokenFile = TextOption.One(
        "--token-file", "The file with the token that the node wants; CODEXSALES_TOKEN_FILE where it is not given", "FILE");

    private readonly Option<bool> _json = new("--json") { Description = "Tells what the node answers, as JSON" };

    public CliEnvironment Environment => environment;

    /// <summary>A verb that shows what the node answers: for people, or with --json for programs.</summary>
    public Command Show(
        string name,
        string what,
        Func<ParseResult, string> path,
        Action<ParseResult, JsonElement> show,
        params IEnumerable<Option> options) => Make(
        name,
        what,
        async (parsed, node, cancelled) =>
        {
            Show(parsed, await node.GetAsync(path(parsed), cancelled).ConfigureAwait(false), answer => show(parsed, answer));
            return ExitCode.Success;
        },
        [.. options, _json]);

    /// <summary>Shows an answer: for people, or with --json for programs.</summary>
    public void Show(ParseResult parsed, JsonElement answer, Action<JsonElement> show)
    {
        if (parsed.GetValue(_json))
        {
            environment.Output.WriteLine(answer.GetRawText());
        }
        else
        {
            show(answer);
        }
    }

    /// <summary>A verb that asks the node, and gives the exit code.</summary>
    public Command Make(
        string name,
        string what,
        Func<ParseResult, NodeClient, CancellationToken, Task<int>> act,
        params IEnumerable<Option> options)
    {
        var command = new Command(name, what);
        AddOptions(command, options);
        command.SetAction((parsed, cancelled) => RunAsync(parsed, act, cancelled));
        return command;
    }

    /// <summary>The option that asks for JSON.</summary>
    public Option<bool> Json => _json;

    /// <summary>Adds the options that name the node, after others.</summary>
    public void AddOptions(Command command, params IEnumerable<Option> before)
    {
        foreach (var option in before.Append(_node).Append(_tokenFile))
        {
            command.Add(option);
        }
    }

    /// <summary>Asks the node that the options name.</summary>
    public async Task<int> RunAsync(
        ParseResult parsed, Func<ParseResult, NodeClient, CancellationToken, Task<int>> act, CancellationToken cancelled)
    {
        try
        {
            using var node = Connect(parsed);
            try
            {
                return await act(parsed, node, cancelled).ConfigureAwait(false);
            }
            catch (Exception odd) when (odd is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
            {
                throw node.NoNode(); // JSON, but not that of a node.
            }
        }
        catch (NodeException refused)
        {
            await environment.ComplainAsync(refused.Message).ConfigureAwait(false);
            return refused.ExitCode;
        }
    }

    private NodeClient Connect(ParseResult parsed)
    {
        var given = parsed.GetValue(_node);
        var url = given ?? Set("NODE") ?? UsualNode;
        var file = parsed.GetValue(_tokenFile) ?? Set("TOKEN_FILE");
        return Uri.TryCreate(url, UriKind.Absolute, out var node)
            && node.Scheme is "http" or "https"
            && !url.AsSpan().ContainsAny(_ofSecrets)
            ? new NodeClient(node, file is null ? null : ReadToken(file), file)
            : throw new NodeException($"{(given is null ? "CODEXSALES_NODE" : NodeName)}: {WhyNot(url)}", ExitCode.BadInput);
    }

    // What may have a secret in it is told nowhere.
    private static string WhyNot(string url) => url.AsSpan().ContainsAny(_ofSecrets)
        ? $"a URL such as {UsualNode} is expected, without a name, a password or a token in it: a token is in the file of --token-file."
        : $"'{url}' is given, but a URL such as {UsualNode} is expected.";

    private string? Set(string name) => environment.Environment[name] is { Length: > 0 } value ? value : null;

    private static string ReadToken(string file)
    {
        try
        {
            var token = new string(PrivateFile.ReadText(file)).Trim();
            return token.Length > 0 && token.All(letter => letter is > ' ' and <= '~')
                ? token
                : throw new NodeException($"--token-file: '{file}' holds no token: one line of visible letters is expected.", ExitCode.BadInput);
        }
        catch (KeyFileException unreadable)
        {
            throw new NodeException($"--token-file: {unreadable.Message}", ExitCode.BadInput);
        }
    }
}
