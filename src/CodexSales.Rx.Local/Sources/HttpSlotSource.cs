using System.Net;
using System.Net.Http.Headers;
using CodexSales.Rx.Local.Files;

namespace CodexSales.Rx.Local.Sources;

/// <summary>Slots from an HTTP server, each under an address of its own.</summary>
/// <remarks>
/// A download that goes on asks for a range. If the server sends everything, the bytes that are there already are
/// skipped. Repair is the server's business: the address is the same.
/// </remarks>
public sealed class HttpSlotSource : ISlotSource
{
    private readonly HttpClient _client;
    private readonly string _template;

    /// <summary>Slots from a server.</summary>
    /// <param name="client">
    /// The host's client, with its authorization. Its time-out counts until the answer begins. By default it follows
    /// all redirects, also to other hosts.
    /// </param>
    /// <param name="template">
    /// The address, such as <c>http://127.0.0.1:8080/slots/{cid}/{index}</c>: <c>{cid}</c> is the content id with "z"
    /// and base 58, <c>{requestId}</c> the request's id with "0x", <c>{index}</c> the slot's index.
    /// </param>
    /// <exception cref="ArgumentException">With its braces filled in, the template is no HTTP address.</exception>
    public HttpSlotSource(HttpClient client, string template)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(template);
        if (!IsTemplate(template))
        {
            throw new ArgumentException(
                $"template is '{template}'; an http or https address with {{cid}}, {{requestId}} or {{index}} is "
                    + "expected.",
                nameof(template));
        }

        (_client, _template) = (client, template);
    }

    /// <summary>True if a text with its braces filled in is an address that slots can be fetched from.</summary>
    public static bool IsTemplate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sample = Fill(text, "z1", "0x1", "1");
        return !sample.AsSpan().ContainsAny('{', '}')
            && Uri.TryCreate(sample, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
    }

    /// <inheritdoc/>
    /// <exception cref="SlotStorageException">The server answers with something else than the bytes.</exception>
    public async Task<Stream> OpenAsync(
        SlotDownload download, ulong offset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(download);
        var address = AddressOf(download);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue((long)offset, null);
        }

        var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            return await BodyAsync(response, address, (long)offset, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static async Task<Stream> BodyAsync(
        HttpResponseMessage response, Uri address, long offset, CancellationToken cancellationToken)
    {
        var missing = response.StatusCode switch
        {
            HttpStatusCode.OK => offset,
            HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == offset => 0,
            HttpStatusCode.PartialContent => throw new SlotStorageException(
                $"{address} was asked for bytes from {offset} on, and answers with "
                    + $"{response.Content.Headers.ContentRange}."),
            _ => throw new SlotStorageException(
                $"{address} answers with {(int)response.StatusCode} {response.ReasonPhrase}{Elsewhere(response)}."),
        };
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await SkipAsync(body, missing, cancellationToken).ConfigureAwait(false);
        return body;
    }

    private static string Elsewhere(HttpResponseMessage response) =>
        response.Headers.Location is { } location ? $", and names {location}, which is not followed" : "";

    private static async Task SkipAsync(Stream body, long bytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        while (bytes > 0)
        {
            var wanted = (int)Math.Min(buffer.Length, bytes);
            await body.ReadExactlyAsync(buffer.AsMemory(0, wanted), cancellationToken).ConfigureAwait(false);
            bytes -= wanted;
        }
    }

    private Uri AddressOf(SlotDownload download)
    {
        var cid = CidText.Of(download.Request.Cid);
        if (cid is null && _template.Contains("{cid}", StringComparison.Ordinal))
        {
            throw new SlotStorageException(
                $"The content id has {download.Request.Cid.Length} bytes; at most {CidText.LongestBytes} are "
                    + "expected.");
        }

        var index = download.Slot.SlotIndex.ToString(CultureInfo.InvariantCulture);
        return new Uri(Fill(_template, cid ?? "", download.Slot.RequestId.ToString(), index));
    }

    private static string Fill(string template, string cid, string requestId, string index) => template
        .Replace("{cid}", cid, StringComparison.Ordinal)
        .Replace("{requestId}", requestId, StringComparison.Ordinal)
        .Replace("{index}", index, StringComparison.Ordinal);
}
