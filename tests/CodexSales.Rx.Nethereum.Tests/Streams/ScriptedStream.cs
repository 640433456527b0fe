using Nethereum.JsonRpc.Client;
using Nethereum.JsonRpc.Client.RpcMessages;
using Nethereum.JsonRpc.Client.Streaming;
using Newtonsoft.Json;

namespace CodexSales.Rx.Nethereum.Tests.Streams;

/// <summary>A connection that a test plays; it answers subscriptions by itself.</summary>
internal sealed class ScriptedStream : IStreamingClient
{
    private readonly List<IRpcStreamingResponseHandler> _handlers = [];

    public bool IsStarted { get; private set; }

    /// <summary>Whether subscriptions are answered.</summary>
    public bool Answers { get; init; } = true;

    /// <summary>What a connection fails with.</summary>
    public Exception? Refusal { get; init; }

    public int Stops { get; private set; }

    public List<string> Asked { get; } = [];

    public bool AddSubscription(string subscriptionId, IRpcStreamingResponseHandler handler) => true;

    public bool RemoveSubscription(string subscriptionId) => true;

    public Task StartAsync()
    {
        IsStarted = Refusal is null;
        return Refusal is null ? Task.CompletedTask : Task.FromException(Refusal);
    }

    public Task StopAsync()
    {
        Stops++;
        IsStarted = false;
        _handlers.ForEach(handler => handler.HandleClientDisconnection());
        return Task.CompletedTask;
    }

    public Task SendRequestAsync(RpcRequest request, IRpcStreamingResponseHandler requestResponseHandler, string? route = null)
    {
        Asked.Add(JsonConvert.SerializeObject(request.RawParameters));
        _handlers.Add(requestResponseHandler);
        if (Answers)
        {
            Tell(requestResponseHandler, $$"""{"id":"{{request.Id}}","result":"0x{{_handlers.Count}}"}""");
        }

        return Task.CompletedTask;
    }

    public void PushHead() => Push(0, """{"number":"0x10"}""");

    public void PushLog() => Push(1, """{"data":"0x"}""");

    public void Break() => _handlers.ForEach(handler => handler.HandleClientError(new IOException("The connection is lost.")));

    private void Push(int place, string json) => Tell(
        _handlers[place], $$$"""{"method":"eth_subscription","params":{"subscription":"0x{{{place + 1}}}","result":{{{json}}} } }""");

    private static void Tell(IRpcStreamingResponseHandler handler, string json) =>
        handler.HandleResponse(JsonConvert.DeserializeObject<RpcStreamingResponseMessage>(json)!);
}
