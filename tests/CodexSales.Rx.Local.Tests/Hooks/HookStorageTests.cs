using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Hooks;

public sealed class HookStorageTests : IDisposable
{
    private readonly HookBench _bench = new();

    [Fact]
    public async Task A_store_hook_reads_the_request_in_full_precision()
    {
        var storage = _bench.Storage("""printf '%s' "$line" > told; echo '{"done":true}'""");

        var (_, error) = await storage.Store(Download(ulong.MaxValue)).RecordAsync();

        Assert.Null(error);
        Assert.Equal(
            $$$$"""
            {"hook":"store","requestId":"{{{{Slot.RequestId}}}}","slotIndex":"3","slotId":"{{{{Slot.SlotId}}}}",
            "keepUntil":"1800000000","isRepair":false,"request":{"client":"0x4444444444444444444444444444444444444444",
            "cid":"0x796573206d616e692021","cidText":"z7paNL19xttacUY","merkleRoot":"{{{{default(Bytes32)}}}}",
            "expirySeconds":"3600","nonce":"0xffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100",
            "ask":{"proofProbability":"4","pricePerBytePerSecond":"{{{{UInt256.MaxValue}}}}","collateralPerByte":"1",
            "slots":"18446744073709551615","slotSizeBytes":"18446744073709551615","durationSeconds":"86400",
            "maxSlotLoss":"1"}}}
            """.ReplaceLineEndings(""),
            await ToldAsync());
    }

    [Fact]
    public async Task A_keep_until_hook_reads_the_slot_and_the_moment()
    {
        var storage = _bench.Storage("""printf '%s' "$line" > told; echo '{"done":true}'""");

        await storage.KeepUntilAsync(Slot, UnixSeconds.MaxValue, Token);

        Assert.Equal(
            $"{{\"hook\":\"keepUntil\",\"requestId\":\"{Slot.RequestId}\",\"slotIndex\":\"3\",\"slotId\":\"{Slot.SlotId}\","
                + "\"keepUntil\":\"18446744073709551615\"}",
            await ToldAsync());
    }

    [Fact]
    public async Task A_clear_hook_reads_the_slot()
    {
        var storage = _bench.Storage("""printf '%s' "$line" > told; echo '{"done":true}'""");

        await storage.ClearAsync(Slot, Token);

        Assert.Equal(
            $"{{\"hook\":\"clear\",\"requestId\":\"{Slot.RequestId}\",\"slotIndex\":\"3\",\"slotId\":\"{Slot.SlotId}\"}}",
            await ToldAsync());
    }

    [Fact]
    public async Task Progress_is_told_as_it_comes_and_done_means_all_of_it()
    {
        var storage = _bench.Storage(
            """
            echo '{"written":"1"}'
            echo
            echo ' { "written" : 18446744073709551614 } '
            printf '{"done":true}'
            """);

        var (written, error) = await storage.Store(Download(ulong.MaxValue)).RecordAsync();

        Assert.Null(error);
        Assert.Equal([1, ulong.MaxValue - 1, ulong.MaxValue], written);
    }

    [Fact]
    public Task A_byte_order_mark_before_an_answer_is_passed_over() =>
        _bench.Storage("""printf '\357\273\277{"done":true}\n'""").ClearAsync(Slot, Token);

    [Fact]
    public async Task Arguments_arrive_as_they_are()
    {
        var hook = _bench.Script("""printf '%s|' "$@" > told; echo '{"done":true}'""");
        hook = hook with { Arguments = [.. hook.Arguments, "$(touch no)", "a b", "", "'\"; exit 1"] };

        await _bench.Storage(hook).ClearAsync(Slot, Token);

        Assert.Equal("$(touch no)|a b||'\"; exit 1|", await ToldAsync());
    }

    [Fact]
    public async Task A_hook_need_not_read_what_it_is_told()
    {
        var hook = _bench.Script("") with { Arguments = ["-c", """echo '{"done":true}'"""] };

        var (_, error) = await _bench.Storage(hook).Store(Download(1, cid: [.. new byte[1 << 20]])).RecordAsync();

        Assert.Null(error);
    }

    [Fact]
    public async Task Operations_on_one_slot_wait_for_each_other()
    {
        var storage = _bench.Storage(
            """[ -e running ] && exit 1; : > running; ls / > /dev/null; rm running; echo '{"done":true}'""");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => storage.ClearAsync(Slot, Token)));

        Assert.False(File.Exists(_bench.Folder["running"]));
    }

    public void Dispose() => _bench.Dispose();

    private Task<string> ToldAsync() => File.ReadAllTextAsync(_bench.Folder["told"], Token);
}
