namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>The address of a node: a URL whose secrets stay inside.</summary>
/// <remarks>
/// Providers put a customer's key into path, query or user of a URL, and some repeat it in their answers.
/// <see cref="Name"/> and all that a transport tells are rid of them. Immutable.
/// </remarks>
public sealed class RpcEndpoint
{
    // Shorter pieces are words such as "v3", and needed to understand a node's message.
    private const int LeastSecretLength = 6;
    private const int LeastUserLength = 3;
    private const string Instead = "…";

    private readonly string[] _secrets;

    private RpcEndpoint(Uri given)
    {
        IsWebSocket = given.Scheme is "ws" or "wss";
        Uri = new UriBuilder(given) { UserName = "", Password = "", Fragment = "" }.Uri;
        var user = Uri.UnescapeDataString(given.UserInfo);
        Authorization = user.Length == 0 ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(user));
        var hidden = given.PathAndQuery == "/" && user.Length == 0 ? "" : "/" + Instead;
        Name = $"{given.Scheme}://{given.Host}{(given.IsDefaultPort ? "" : $":{given.Port}")}{hidden}";
        _secrets = SecretsOf(given);
    }

    /// <summary>Scheme, host and port, and "/…" where there is more. Fit for logs.</summary>
    public string Name { get; }

    /// <summary>Whether the scheme is <c>ws</c> or <c>wss</c>; else it is <c>http</c> or <c>https</c>.</summary>
    public bool IsWebSocket { get; }

    /// <summary>The whole URL but for the user: for the connection alone, never for a message.</summary>
    internal Uri Uri { get; }

    /// <summary>The value of the header that the URL's user stands for; null when it names none. Secret.</summary>
    internal string? Authorization { get; }

    /// <summary>Reads a URL of scheme http, https, ws or wss; the problem is a sentence without the text.</summary>
    public static bool TryParse(
        string? text,
        [NotNullWhen(true)] out RpcEndpoint? endpoint,
        [NotNullWhen(false)] out string? problem)
    {
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" or "ws" or "wss"
            && uri.Host.Length > 0;
        endpoint = isUrl ? new RpcEndpoint(uri!) : null;
        problem = isUrl ? null : "The node's address is not a URL that begins with http://, https://, ws:// or wss://.";
        return isUrl;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>
    /// A message of the node, or of a client, without the secrets of the URL, on one line of at most 500 letters. For transports of
    /// one's own.
    /// </summary>
    public string Scrub(string text) => NodeText.Clean(WithoutSecrets(text));

    /// <summary>A text in UTF-8 without the secrets of the URL; the same memory when it has none.</summary>
    public ReadOnlyMemory<byte> Scrub(ReadOnlyMemory<byte> utf8)
    {
        if (_secrets.Length == 0 || utf8.IsEmpty)
        {
            return utf8;
        }

        var text = Encoding.UTF8.GetString(utf8.Span);
        var scrubbed = WithoutSecrets(text);
        return text == scrubbed ? utf8 : Encoding.UTF8.GetBytes(scrubbed);
    }

    private string WithoutSecrets(string text)
    {
        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, Instead, StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }

    private static string[] SecretsOf(Uri uri)
    {
        var pieces = uri.AbsolutePath.Split('/')
            .Concat(uri.Query.Split('?', '&').SelectMany(pair => new[] { pair, pair[(pair.IndexOf('=') + 1)..] }))
            .Where(piece => piece.Length >= LeastSecretLength);
        var user = uri.UserInfo.Split(':').Where(piece => piece.Length >= LeastUserLength);
        return [.. pieces.Concat(user)
            .SelectMany(piece => new[] { piece, Uri.UnescapeDataString(piece) })
            .Distinct()
            .OrderByDescending(piece => piece.Length)];
    }
}
