using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace CodexSales.Rx.Web.Tests.Operator;

/// <summary>Reads server-sent events, one at a time.</summary>
internal sealed class LiveReader : IDisposable
{
    private readonly ApiHost _host;
    private readonly HttpResponseMessage _response;
#pragma warning disable CA2213 // Ends with the answer that it reads.
    private readonly IAsyncEnumerator<SseItem<string>> _events;
#pragma warning restore CA2213

    public LiveReader(ApiHost host, string path, string? lastId = null)
    {
        _host = host;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/{path}");
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        _response = host.Answer(request, isLive: true);
        Assert.Equal(HttpStatusCode.OK, _response.StatusCode);
        Assert.Equal("text/event-stream", _response.Content.Headers.ContentType!.MediaType);
        _events = SseParser.Create(host.Time.WaitFor(_response.Content.ReadAsStreamAsync())).EnumerateAsync().GetAsyncEnumerator();
    }

    /// <summary>A header of the answer, whose events follow.</summary>
    public string Header(string name) => string.Join(", ", _response.Headers.GetValues(name));

    /// <summary>The next event; the host goes on until there is one.</summary>
    public (string Type, string Id, JsonElement Data) Next()
    {
        var read = _events.MoveNextAsync().AsTask();
        while (!read.Wait(TimeSpan.FromMilliseconds(20)))
        {
            _host.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.True(_host.Time.WaitFor(read));
        return (_events.Current.EventType, _events.Current.EventId!, JsonDocument.Parse(_events.Current.Data).RootElement);
    }

    /// <summary>Reads to the end; throws where the connection is cut off instead.</summary>
    public void ReadToEnd()
    {
        while (_events.MoveNextAsync().AsTask().GetAwaiter().GetResult())
        {
        }
    }

    public void Dispose() => _response.Dispose();
}
