namespace CodexSales.Rx.Nethereum.Tests.Rpc;

/// <summary>A node behind HTTP that a test plays: gets what was posted.</summary>
internal sealed class ScriptedHandler(Func<string, HttpResponseMessage> answer) : HttpMessageHandler
{
    public List<string> Posted { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var text = await request.Content!.ReadAsStringAsync(cancellationToken);
        Posted.Add(text);
        return answer(text);
    }
}
