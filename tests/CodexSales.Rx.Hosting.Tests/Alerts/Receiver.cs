using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace CodexSales.Rx.Hosting.Tests.Alerts;

/// <summary>A receiver of webhooks on this machine.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly HttpListener _listener;
    private readonly ConcurrentQueue<Message> _had = new();

    public Receiver()
    {
        // A port that is free now may be taken a moment later.
        for (var port = 20_000 + (Environment.ProcessId % 10_000); ; port++)
        {
            Address = $"http://127.0.0.1:{port}/alerts?key=hidden";
            _listener = new HttpListener();
            _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                _listener.Start();
                break;
            }
            catch (HttpListenerException)
            {
            }
        }

        _ = ServeAsync();
    }

    public string Address { get; }

    /// <summary>What is answered; by default, that it was taken.</summary>
    public Func<Message, HttpListenerResponse, int> Answer { get; set; } = (_, _) => 204;

    /// <summary>All that came, also what was refused.</summary>
    public IReadOnlyList<Message> Had => [.. _had];

    /// <summary>What it has taken, each by its key once.</summary>
    public IReadOnlyList<string> Taken => [.. Had.Where(message => message.Status == 204).Select(message => message.Key).Distinct()];

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                var message = new Message(await reader.ReadToEndAsync(), context.Request.Headers["Idempotency-Key"]!, context.Request.Headers["CodexSales-Signature"]);
                message.Status = context.Response.StatusCode = Answer(message, context.Response);
                _had.Enqueue(message);
                context.Response.Close();
            }
        }
        catch (Exception over) when (over is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    internal sealed record Message(string Body, string Key, string? Signature)
    {
        public int Status { get; set; }

        public JsonElement Json => JsonDocument.Parse(Body).RootElement;
    }
}
