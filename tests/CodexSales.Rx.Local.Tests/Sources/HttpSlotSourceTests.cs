using CodexSales.Rx.Local.Sources;
using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Sources;

/// <summary>Slots from a real server on this machine, into real files.</summary>
public sealed class HttpSlotSourceTests : IDisposable
{
    private const int Checkpoint = (int)PartFile.CheckpointBytes;
    private const int Size = Checkpoint + 500_000;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private readonly byte[] _bytes = Bytes(Size);

    [Fact]
    public async Task A_slot_is_fetched_from_its_address()
    {
        using var server = new SlotServer((_, from) => SlotServer.Part(_bytes, from));

        var error = await StoreAsync(server, "/data/{cid}/{requestId}/{index}");

        Assert.Null(error);
        Assert.Equal([($"/data/z7paNL19xttacUY/{Slot.RequestId}/3", 0)], server.Requests);
        Assert.Equal(_bytes, await StoredAsync());
    }

    [Fact]
    public async Task A_download_that_broke_off_asks_for_the_rest()
    {
        var isBroken = true;
        using var server = new SlotServer((_, from) => isBroken
            ? SlotServer.Answer("200 OK", _bytes.AsSpan(0, Size - 1), Size)
            : SlotServer.Part(_bytes, from));
        var broken = await StoreAsync(server);
        isBroken = false;

        var error = await StoreAsync(server);

        Assert.StartsWith(
            $"The source of slot {Slot.ToShortString()} failed after {Size - 1} of {Size} bytes: ", broken?.Message, StringComparison.Ordinal);
        Assert.Null(error);
        Assert.Equal([0L, Checkpoint], server.Requests.Select(request => request.From));
        Assert.Equal(_bytes, await StoredAsync());
    }

    [Fact]
    public async Task A_server_that_knows_no_ranges_will_do()
    {
        _folder.Write($"{Slot.RequestId}-3.part", _bytes[..(Checkpoint + 1)]);
        using var server = new SlotServer((_, _) => SlotServer.Answer("200 OK", _bytes));

        var error = await StoreAsync(server);

        Assert.Null(error);
        Assert.Equal(_bytes, await StoredAsync());
    }

    [Fact]
    public async Task A_server_that_gives_another_range_is_an_error()
    {
        _folder.Write($"{Slot.RequestId}-3.part", _bytes[..(Checkpoint + 1)]);
        using var server = new SlotServer((_, _) => SlotServer.Part(_bytes, 7));

        var error = await StoreAsync(server);

        Assert.Equal(
            $"The source of slot {Slot.ToShortString()} failed after {Checkpoint} of {Size} bytes: {server.Address}/ was asked for bytes "
                + $"from {Checkpoint} on, and answers with bytes 7-{Size - 1}/{Size}.",
            error?.Message);
    }

    [Fact]
    public async Task A_slot_that_the_server_does_not_have_is_an_error()
    {
        using var server = new SlotServer((_, _) => SlotServer.Answer("404 Not Found", []));

        var error = await StoreAsync(server);

        Assert.EndsWith("/ answers with 404 Not Found.", error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_an_error()
    {
        var server = new SlotServer((_, _) => []);
        server.Dispose();

        var error = await StoreAsync(server);

        Assert.Contains("Connection refused", error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_content_id_that_is_longer_than_any_real_one_is_not_asked_for()
    {
        using var server = new SlotServer((_, _) => []);
        var source = new HttpSlotSource(_client, server.Address + "/{cid}");

        var error = await Assert.ThrowsAsync<SlotStorageException>(
            () => source.OpenAsync(Download(1, cid: [.. new byte[129]]), 0, Token));

        Assert.Equal("The content id has 129 bytes; at most 128 are expected.", error.Message);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/{index}")]
    [InlineData("/slots/{index}")]
    [InlineData("http://127.0.0.1/{slot}")]
    [InlineData("http://127.0.0.1/{index")]
    public void A_template_that_is_no_address_is_refused(string template)
    {
        var error = Assert.Throws<ArgumentException>(() => new HttpSlotSource(_client, template));

        Assert.StartsWith($"template is '{template}'; an http or https address", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    private async Task<Exception?> StoreAsync(SlotServer server, string path = "/")
    {
        using var storage = new FileSlotStorage(
            new HttpSlotSource(_client, server.Address + path),
            new FileSlotStorageOptions { Directory = _folder.Path, QuotaBytes = 1L << 30 });
        return (await storage.Store(Download(Size)).RecordAsync()).Error;
    }

    private Task<byte[]> StoredAsync() => File.ReadAllBytesAsync(_folder[$"{Slot.RequestId}-3.data"], Token);
}
