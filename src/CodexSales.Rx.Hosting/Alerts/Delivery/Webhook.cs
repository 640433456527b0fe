using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace CodexSales.Rx.Hosting.Alerts.Delivery;

/// <summary>A receiver over HTTP: each message is posted as JSON, and any answer of 200 to 299 takes it.</summary>
/// <remarks>
/// With a secret, <see cref="SignatureHeader"/> is <c>t=(Unix seconds),v1=(hex)</c>: the HMAC-SHA256 of these seconds, a dot and the
/// body. The time is that of the attempt, so that what somebody has recorded can be refused as old.
/// </remarks>
internal sealed class Webhook(string name, Uri address, byte[]? secret, HttpClient client, IScheduler clock) : IAlertReceiver
{
    public const string KeyHeader = "Idempotency-Key";
    public const string SignatureHeader = "CodexSales-Signature";

    private static readonly TimeSpan _timeLimit = TimeSpan.FromSeconds(10);
    private static readonly MediaTypeHeaderValue _json = new("application/json", "utf-8");

    public string Name => name;

    /// <inheritdoc/>
    public async Task SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        var body = message.ToJson();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = clock.Schedule(_timeLimit, () => _ = limit.CancelAsync());
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = _json;
        request.Headers.TryAddWithoutValidation(KeyHeader, message.Key);
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation(SignatureHeader, Signature(body));
        }

        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw new NotDeliveredException(
                    string.Create(CultureInfo.InvariantCulture, $"It answers with status {(int)response.StatusCode}{Hint(response.StatusCode)}."),
                    PauseOf(response.Headers.RetryAfter));
            }
        }
        catch (HttpRequestException unreachable)
        {
            throw new NotDeliveredException($"It can't be reached: {unreachable.HttpRequestError}.", cause: unreachable);
        }
        catch (OperationCanceledException slow) when (!cancellation.IsCancellationRequested)
        {
            throw new NotDeliveredException($"It did not answer within {_timeLimit.TotalSeconds:0} s.", cause: slow);
        }
    }

    private string Signature(byte[] body)
    {
        var time = clock.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = HMACSHA256.HashData(secret!, (byte[])[.. Encoding.ASCII.GetBytes($"{time}."), .. body]);
        return $"t={time},v1={Convert.ToHexStringLower(signed)}";
    }

    private TimeSpan? PauseOf(RetryConditionHeaderValue? told) => told?.Delta ?? told?.Date - clock.Now;

    // A redirect may lead to somebody else: news of the operator goes where the operator said.
    private static string Hint(HttpStatusCode status) => (int)status is >= 300 and < 400 ? ", but redirects are not followed" : "";
}
