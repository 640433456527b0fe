using System.Net;

namespace CodexSales.Rx.Hosting;

/// <summary>Follows a server to another address of its own, but not to another host or port, which may be anybody's, nor out of TLS.</summary>
internal sealed class SameHostRedirects : DelegatingHandler
{
    private const int Most = 5;

    /// <param name="connections">The connections, which follow nothing by themselves from now on.</param>
    public SameHostRedirects(SocketsHttpHandler connections)
        : base(connections) => connections.AllowAutoRedirect = false;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        for (var count = 0; count < Most && NextOf(request.RequestUri!, response) is { } next; count++)
        {
            response.Dispose();
            request.RequestUri = next;
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        return response;
    }

    private static Uri? NextOf(Uri asked, HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || response.Headers.Location is not { } location)
        {
            return null;
        }

        var next = new Uri(asked, location);
        return (next.Scheme, next.Authority) == (asked.Scheme, asked.Authority) ? next : null;
    }
}
