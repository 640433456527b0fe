using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>
/// A viewer without a browser: it loads a page, opens its circuit as the page's script does, takes each picture and says that it is
/// drawn. It draws nothing, and so is much faster than any browser.
/// </summary>
internal sealed partial class CircuitClient(IHubProtocol protocol, HttpClient http, Uri page) : IInvocationBinder, IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly TaskCompletionSource _isLive = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _circuit;

    /// <summary>How many pictures have come.</summary>
    public int Pictures { get; private set; }

    /// <summary>How many bytes have come by the socket.</summary>
    public long Bytes { get; private set; }

    /// <summary>Opens the page and waits until it has been drawn some times.</summary>
    public async Task OpenAsync()
    {
        var html = await http.GetStringAsync(page);
        var root = new Uri(page, "/");
        await _socket.ConnectAsync(new UriBuilder(new Uri(root, "_blazor")) { Scheme = "ws" }.Uri, CancellationToken.None);
        await SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"));
        _ = ReadAsync();
        var parts = Parts().Matches(html).Select(part => part.Groups[1].Value).Where(part => part.Contains("\"descriptor\"", StringComparison.Ordinal));
        await InvokeAsync("1", "StartCircuit", root.AbsoluteUri, page.AbsoluteUri, $"[{string.Join(',', parts)}]", State().Match(html).Groups[1].Value);
        await _isLive.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    /// <summary>Says good-bye as a page does that is closed.</summary>
    public async Task CloseAsync()
    {
        using var form = new MultipartFormDataContent { { new StringContent(_circuit ?? ""), "circuitId" } };
        (await http.PostAsync(new Uri(page, "/_blazor/disconnect"), form)).Dispose();
        _socket.Abort();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _sending.Dispose();
    }

    public IReadOnlyList<Type> GetParameterTypes(string methodName) => methodName switch
    {
        "JS.RenderBatch" => [typeof(long), typeof(byte[])],
        "JS.BeginInvokeJS" => [typeof(long), typeof(string), typeof(string), typeof(int), typeof(long), typeof(int)],
        "JS.AttachComponent" => [typeof(int), typeof(string)],
        "JS.EndInvokeDotNet" => [typeof(string), typeof(bool), typeof(string)],
        "JS.Error" => [typeof(string)],
        _ => [],
    };

    public Type GetReturnType(string invocationId) => typeof(string);

    public Type GetStreamItemType(string streamId) => typeof(byte[]);

    private async Task ReadAsync()
    {
        try
        {
            var (buffer, length, isGreeted) = (new byte[1 << 16], 0, false);
            while (_socket.State is WebSocketState.Open)
            {
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }

                var read = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                (Bytes, length) = (Bytes + read.Count, length + read.Count);
                if (!isGreeted && buffer.AsSpan(0, length).IndexOf((byte)0x1e) is >= 0 and var end)
                {
                    isGreeted = true;
                    buffer.AsSpan(end + 1, length - end - 1).CopyTo(buffer);
                    length -= end + 1;
                }

                var unread = new ReadOnlySequence<byte>(buffer, 0, length);
                while (isGreeted && protocol.TryParseMessage(ref unread, this, out var message))
                {
                    await TakeAsync(message);
                }

                unread.CopyTo(buffer);
                length = (int)unread.Length;
            }
        }
        catch (Exception lost)
        {
            _isLive.TrySetException(lost);
        }
    }

    private Task TakeAsync(HubMessage message)
    {
        switch (message)
        {
            case CompletionMessage { Error: null, Result: string circuit }:
                _circuit = circuit;
                return Task.CompletedTask;
            case InvocationMessage { Target: "JS.RenderBatch", Arguments: [long batch, ..] }:
                if (++Pictures == 6)
                {
                    _isLive.TrySetResult();
                }

                return InvokeAsync(null, "OnRenderCompleted", batch, null);
            case InvocationMessage { Target: "JS.BeginInvokeJS", Arguments: [long call, string name, var arguments, ..] }:
                return AnswerAsync(call, name, $"{arguments}");
            case InvocationMessage { Target: "JS.Error" } or CompletionMessage { Error: not null } or CloseMessage or InvocationBindingFailureMessage:
                _isLive.TrySetException(new InvalidOperationException($"{page}: {JsonSerializer.Serialize<object>(message)}"));
                return Task.CompletedTask;
            default:
                return Task.CompletedTask;
        }
    }

    // What the scripts of the page would answer; a list of rows tells how many of them there is room for.
    private async Task AnswerAsync(long call, string name, string arguments)
    {
        if (call != 0)
        {
            var result = name switch { "codexSales.choice" => "\"light\"", "codexSales.isDark" => "false", _ => "null" };
            await InvokeAsync(null, "EndInvokeJSFromDotNet", call, true, $"[{call},true,{result}]");
        }

        if (name.EndsWith("Virtualize.init", StringComparison.Ordinal) && Listener().Match(arguments) is { Success: true } listener)
        {
            await InvokeAsync(
                null, "BeginInvokeDotNetFromJS", "1", null, "OnSpacerAfterVisible", long.Parse(listener.Groups[1].Value, CultureInfo.InvariantCulture), "[0,0,600]");
        }
    }

    private async Task InvokeAsync(string? id, string method, params object?[] arguments) =>
        await SendAsync(protocol.GetMessageBytes(new InvocationMessage(id, method, arguments)));

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->")]
    private static partial Regex Parts();

    [GeneratedRegex("<!--Blazor-Server-Component-State:([^>]*?)-->")]
    private static partial Regex State();

    [GeneratedRegex("\"__dotNetObject\":([0-9]+)")]
    private static partial Regex Listener();
}
