using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>The live list of the web sample, over HTTP, with many clients.</summary>
public sealed class LiveListTests
{
    private const int Clients = 50;

    // More than what lies between the app and a client that does not read: buffers of both sockets and of the server.
    private const int MoreThanBuffers = 250_000;

    [Fact]
    public async Task Fifty_clients_one_of_which_stops_reading_take_no_thread_each_and_end_with_the_same_list()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(5));
        using var app = await WebApp.StartAsync(
            [
                "--CodexSales:Workers", "0", "--CodexSales:SimulatedMarket:Speed", "600", "--CodexSales:SimulatedMarket:RequestsPerHour", "600",
            ],
            [],
            limit.Token);
        using var client = new HttpClient { BaseAddress = app.Address };
        using var narrow = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectNarrowlyAsync }) { BaseAddress = app.Address };
        await client.GetStringAsync(At("queue/now"), limit.Token);
        var threads = app.Threads;

        var goOn = new TaskCompletionSource();
        using var stopped = new LiveListReader(await narrow.GetStreamAsync(At("queue"), limit.Token), goOn.Task);
        var others = new List<LiveListReader>();
        while (others.Count < Clients - 1)
        {
            others.Add(new LiveListReader(await client.GetStreamAsync(At("queue"), limit.Token), Task.CompletedTask));
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        Task[] reading = [.. others.Append(stopped).Select(reader => reader.ReadAsync(end.Token))];
        foreach (var reader in others)
        {
            await reader.WaitAsync(() => reader.Characters > MoreThanBuffers, limit.Token);
        }

        Assert.InRange(app.Threads, 0, threads + (Clients / 2));
        goOn.SetResult();
        await EachIsTheQueueAsync([.. others, stopped], client, limit.Token);
        Assert.True(stopped.LargestStep > 1); // What piled up came as one.

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(reading));
        others.ForEach(reader => reader.Dispose());
        Assert.Equal(0, await app.EndAsync(limit.Token));
    }

    // A slow reader may get the change set after the one that was asked for together with it: then it is asked again.
    private static async Task EachIsTheQueueAsync(List<LiveListReader> left, HttpClient client, CancellationToken cancellationToken)
    {
        while (left.Count > 0)
        {
            var now = await client.GetFromJsonAsync<JsonElement>("queue/now", cancellationToken);
            var slots = now.GetProperty("slots").EnumerateArray().Select(slot => slot.GetString()!).ToArray();
            foreach (var reader in left.ToList())
            {
                if (await reader.AsOfAsync(now.GetProperty("version").GetInt64(), cancellationToken) is { } list)
                {
                    Assert.Equal(slots, list);
                    left.Remove(reader);
                }
            }
        }
    }

    // Small segments and a small buffer: the app notices soon that nobody reads.
    private static async ValueTask<Stream> ConnectNarrowlyAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        const int MaxSegment = 2; // TCP_MAXSEG
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, MaxSegment, BitConverter.GetBytes(536));
        }

        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static Uri At(string path) => new(path, UriKind.Relative);
}
