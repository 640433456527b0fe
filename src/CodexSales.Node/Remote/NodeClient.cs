using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using CodexSales.Node.Cli;

namespace CodexSales.Node.Remote;

/// <summary>Asks a node that runs, over its API. Each failure is a sentence about the option that it comes from.</summary>
internal sealed class NodeClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // What a node says of a path that it does not know; what it does not know below one has a sentence of its own.
    private const string NoRoute = "Not Found.";

    private readonly HttpClient _http;
    private readonly Uri _node;
    private readonly string? _tokenFile;

    /// <param name="node">Where it listens; below a path where a proxy serves it there.</param>
    /// <param name="token">What it wants to be shown; null for nothing.</param>
    /// <param name="tokenFile">Where that came from.</param>
    public NodeClient(Uri node, string? token, string? tokenFile)
    {
        (_node, _tokenFile) = (node, tokenFile);

        // A token is for the node, and not for whoever it leads to, or for a proxy on the way to this machine.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !node.IsLoopback })
        {
            BaseAddress = new Uri($"{node.GetLeftPart(UriPartial.Path).TrimEnd('/')}/api/v1/"),
            Timeout = Patience,
        };
        _http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancelled) => SendAsync(HttpMethod.Get, path, null, cancelled);

    /// <summary>Asks for a change.</summary>
    /// <returns>What it answers; undefined where that is nothing.</returns>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancelled)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await AskAsync(request, HttpCompletionOption.ResponseContentRead, cancelled).ConfigureAwait(false);
        if (answer.StatusCode is HttpStatusCode.NoContent)
        {
            return default;
        }

        try
        {
            return await ReadJsonAsync(answer, cancelled).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            throw NoNode();
        }
    }

    /// <summary>Copies what a path answers as a table in text.</summary>
    public async Task CopyCsvAsync(string path, TextWriter output, CancellationToken cancelled)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var answer = await AskAsync(request, HttpCompletionOption.ResponseHeadersRead, cancelled).ConfigureAwait(false);
        if (answer.Content.Headers.ContentType?.MediaType is not MediaTypeNames.Text.Csv)
        {
            throw NoNode();
        }

        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancelled).ConfigureAwait(false), Encoding.UTF8);
        while (await ReadLineAsync(reader, cancelled).ConfigureAwait(false) is { } line)
        {
            await output.WriteLineAsync(line.AsMemory(), cancelled).ConfigureAwait(false);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string?> ReadLineAsync(StreamReader reader, CancellationToken cancelled)
    {
        try
        {
            return await reader.ReadLineAsync(cancelled).ConfigureAwait(false);
        }
        catch (IOException cut)
        {
            throw new NodeException($"--node: {_node} has not told all: {cut.GetBaseException().Message.TrimEnd('.')}.", ExitCode.Unreachable);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, HttpCompletionOption until, CancellationToken cancelled)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, until, cancelled).ConfigureAwait(false);
        }
        catch (HttpRequestException away)
        {
            throw new NodeException(
                $"--node: {_node} can't be asked: {away.GetBaseException().Message.TrimEnd('.')}. Does a node run and listen there?",
                ExitCode.Unreachable);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            throw new NodeException($"--node: {_node} has not answered within {Patience.TotalSeconds:0} s.", ExitCode.Unreachable);
        }

        if (!answer.IsSuccessStatusCode)
        {
            using (answer)
            {
                throw await RefusedAsync(answer, cancelled).ConfigureAwait(false);
            }
        }

        return answer;
    }

    private async Task<NodeException> RefusedAsync(HttpResponseMessage answer, CancellationToken cancelled)
    {
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return new NodeException(
                _tokenFile is null
                    ? $"--token-file: not given, but {_node} wants a token: --token-file FILE is expected."
                    : $"--token-file: the token of '{_tokenFile}' is not the one that {_node} wants.",
                ExitCode.BadInput);
        }

        if (answer.Content.Headers.ContentType?.MediaType is not MediaTypeNames.Application.ProblemJson)
        {
            return NoNode();
        }

        var sentence = await ReadDetailAsync(answer, cancelled).ConfigureAwait(false);
        if (answer.StatusCode is HttpStatusCode.NotFound && sentence is null or NoRoute)
        {
            return NoNode();
        }

        return new NodeException(
            sentence ?? $"The node refuses that with status {(int)answer.StatusCode}.",
            (int)answer.StatusCode < 500 ? ExitCode.BadInput : ExitCode.Failed);
    }

    // Without the serializer, which takes longer to begin than a node to answer.
    private static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage answer, CancellationToken cancelled)
    {
        using var document = await JsonDocument.ParseAsync(
            await answer.Content.ReadAsStreamAsync(cancelled).ConfigureAwait(false), default, cancelled).ConfigureAwait(false);
        return document.RootElement.Clone();
    }

    private static async Task<string?> ReadDetailAsync(HttpResponseMessage answer, CancellationToken cancelled)
    {
        try
        {
            return (await ReadJsonAsync(answer, cancelled).ConfigureAwait(false)).GetProperty("detail").GetString();
        }
        catch (Exception odd) when (odd is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Another program answers there.</summary>
    public NodeException NoNode() => new(
        _node.AbsolutePath is "/"
            ? $"--node: {_node} answers, but not as a node does: is it the address of another program?"
            : $"--node: {_node} answers, but not as a node does: is it served below that path, and by this program?",
        ExitCode.Unreachable);
}
