using System.Net;
using System.Net.Http.Headers;
using System.Reactive;

namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Asks a node over HTTP, which pushes nothing: whoever waits for blocks has to ask.</summary>
/// <remarks>
/// A status of 4xx is an <see cref="RpcError"/> with that status as its code; one of 5xx is no answer, unless an error
/// of JSON-RPC comes with it: a gateway does not know what became of the question. Threading: any thread; the deadlines
/// run on the scheduler.
/// </remarks>
public sealed class HttpRpcTransport : IRpcLink
{
    private readonly RpcEndpoint _endpoint;
    private readonly RpcOptions _options;
    private readonly IScheduler _scheduler;
    private readonly HttpClient _client;
    private readonly RpcGate _gate;
    private readonly RpcBatches _batches;
    private readonly Latest<RpcLinkState> _states;
    private readonly Lock _lock = new();
    private bool _isUnreachable;

    /// <summary>Makes a transport; connections come about as questions are asked.</summary>
    /// <param name="endpoint">A URL of scheme http or https.</param>
    /// <param name="options">The defaults when null.</param>
    /// <param name="scheduler">Where time passes.</param>
    /// <exception cref="ArgumentException">The URL is of another scheme, or an option outside of its range.</exception>
    public HttpRpcTransport(RpcEndpoint endpoint, RpcOptions? options, IScheduler scheduler)
        : this(endpoint, options ?? new RpcOptions(), scheduler, NewHandler())
    {
    }

    internal HttpRpcTransport(
        RpcEndpoint endpoint, RpcOptions options, IScheduler scheduler, HttpMessageHandler handler)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(scheduler);
        options = options with { }; // Later changes would not be validated.
        OptionErrors.ThrowAny(options.FindErrors());
        if (endpoint.IsWebSocket)
        {
            throw new ArgumentException("The URL's scheme is neither http nor https.", nameof(endpoint));
        }

        (_endpoint, _options, _scheduler) = (endpoint, options, scheduler);
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        if (endpoint.Authorization is { } authorization)
        {
            _client.DefaultRequestHeaders.Add("Authorization", authorization);
        }

        _gate = new RpcGate(options, scheduler);
        _states = new Latest<RpcLinkState>(new RpcLinkState(endpoint.Name, 1, null));
        _batches = new RpcBatches(options.MaxBatch);
    }

    /// <inheritdoc/>
    public RpcLinkState State => _states.Value;

    /// <inheritdoc/>
    public IObservable<RpcLinkState> States => _states.Values;

    /// <inheritdoc/>
    public IObservable<Unit> Wakes => Observable.Never<Unit>();

    /// <inheritdoc/>
    public async Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellationToken = default) =>
        (await AskMessageAsync([request], cancellationToken).ConfigureAwait(false))[0];

    /// <inheritdoc/>
    public Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellationToken = default) =>
        _batches.AskAsync(requests, batch => AskMessageAsync(batch, cancellationToken));

    /// <inheritdoc/>
    /// <remarks>Only shows the reason as the problem: each question may go to another back end anyway.</remarks>
    public void Suspect(string reason) => _states.Value = State with { Problem = reason };

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    private async Task<IReadOnlyList<RpcReply>> AskMessageAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(requests.Count, cancellationToken).ConfigureAwait(false);
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var timer = _scheduler.Schedule(_options.Timeout, deadline.Cancel);
            var replies = await PostAsync(requests, deadline.Token).ConfigureAwait(false);
            Note(replies.OfType<RpcNoAnswer>().FirstOrDefault());
            return replies;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var none = new RpcNoAnswer(
                $"There was no answer within {_options.Timeout.TotalSeconds:0.###} s.", MayHaveArrived: true);
            Note(none);
            return AllTheSame(requests, none);
        }
        finally
        {
            _gate.Leave();
        }
    }

    private async Task<IReadOnlyList<RpcReply>> PostAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(RpcMessageWriter.Write(requests, firstId: 1));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var message = new HttpRequestMessage(HttpMethod.Post, _endpoint.Uri) { Content = content };
        try
        {
            using var response = await _client
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            var body = await ReadBodyAsync(response, cancellationToken).ConfigureAwait(false);
            return body is null
                ? AllTheSame(requests, new RpcNoAnswer(
                    $"The node's answer is larger than {_options.MaxReplyBytes} bytes.", MayHaveArrived: true))
                : Understand(requests, response, body);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or ObjectDisposedException)
        {
            var why = _endpoint.Scrub(failed.GetBaseException().Message);
            return AllTheSame(
                requests, new RpcNoAnswer($"There is no answer from {_endpoint}: {why}", MayHaveArrived(failed)));
        }
    }

    private async Task<byte[]?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var body = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (await stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            await body.WriteAsync(piece.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            if (body.Length > _options.MaxReplyBytes)
            {
                return null;
            }
        }

        return body.ToArray();
    }

    private RpcReply[] Understand(
        IReadOnlyList<RpcRequest> requests, HttpResponseMessage response, byte[] body)
    {
        var messages = RpcMessageReader.Read(body, _endpoint);

        // An answer that names no question answers the whole message: nothing else came over this connection.
        var missing = messages.OfType<RpcStrayError>().FirstOrDefault() is { } stray
            ? stray.Error
            : WithoutError(response.StatusCode, body);
        var replies = AllTheSame(requests, missing);
        foreach (var answer in messages.OfType<RpcAnswer>())
        {
            if (answer.Id >= 1 && answer.Id <= replies.Length)
            {
                replies[answer.Id - 1] = answer.Reply;
            }
        }

        return response.Headers.RetryAfter is { } wait ? [.. replies.Select(reply => Delay(reply, wait))] : replies;
    }

    private RpcReply WithoutError(HttpStatusCode status, byte[] body)
    {
        const int MostBytesOfText = 500;
        var text = _endpoint.Scrub(Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, MostBytesOfText))));
        var said = $"HTTP status {(int)status}: {text}";
        return status >= HttpStatusCode.BadRequest && status < HttpStatusCode.InternalServerError
            && status != HttpStatusCode.RequestTimeout
            ? new RpcError((int)status, said, default)
            : new RpcNoAnswer($"The node's answer can't be understood: {said}", MayHaveArrived: true);
    }

    private RpcReply Delay(RpcReply reply, RetryConditionHeaderValue wait)
    {
        var delay = wait.Delta ?? (wait.Date is { } date && date > _scheduler.Now ? date - _scheduler.Now : null);
        return reply is RpcError error ? error with { RetryAfter = delay } : reply;
    }

    private static bool MayHaveArrived(Exception failed) => failed is not HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError,
    };

    // After a node could not be reached at all, another one may answer.
    private void Note(RpcNoAnswer? problem)
    {
        lock (_lock)
        {
            var isBack = problem is null && _isUnreachable;
            _isUnreachable = problem is null ? false : _isUnreachable || !problem.MayHaveArrived;
            if (isBack)
            {
                _batches.Forget();
            }

            if (isBack || problem?.Detail != State.Problem)
            {
                _states.Value = new RpcLinkState(_endpoint.Name, State.Connections + (isBack ? 1 : 0), problem?.Detail);
            }
        }
    }

    private static RpcReply[] AllTheSame(IReadOnlyList<RpcRequest> requests, RpcReply reply) =>
        [.. requests.Select(_ => reply)];
}
