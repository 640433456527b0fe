using CodexSales.Node.Tests.Replay;
using CodexSales.Rx.Domain;

namespace CodexSales.Node.Tests.Run;

/// <summary>The program sells on a real node, is interrupted, and goes on where it was.</summary>
public sealed class SellingTests : IAsyncLifetime
{
    // What the README of the hooks says is a whole hook.
    internal const string Hook = """
        #!/bin/sh
        set -eu
        read -r input
        value() { printf '%s' "$input" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
        slot=$1/$(value requestId)-$(value slotIndex)

        case $(value hook) in
        check)
          echo '{"done":true}'
          ;;
        store)
          mkdir -p "$1"
          head -c "$(value slotSizeBytes)" /dev/zero > "$slot.data"
          echo '{"done":true}'
          ;;
        keepUntil)
          [ -e "$slot.data" ] || { echo '{"error":"the slot is not stored"}'; exit 1; }
          echo '{"done":true}'
          ;;
        clear)
          rm -f "$slot.data"
          echo '{"done":true}'
          ;;
        prove)
          echo '{"proof":{"ax":"1","ay":"2","bxReal":"3","bxImaginary":"4","byReal":"5","byImaginary":"6","cx":"7","cy":"8"}}'
          ;;
        esac
        """;

    private readonly TemporaryFiles _files = new();

    // One for each test: what one of them left open another one would sell.
    private readonly MarketOnANode _market = new();

    public ValueTask InitializeAsync() => _market.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _market.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task A_slot_is_filled_proved_and_paid_across_an_interruption()
    {
        var data = _files.PathOf("data");
        var arguments = Arguments();
        await _market.Node.SetBlockSecondsAsync(1);
        var request = await _market.RequestAsync(slots: 1, durationSeconds: 300, expirySeconds: 200);
        var slot = new SlotKey(RequestId.Of(request), 0);

        await using (var program = RunningProgram.Start(_files.Root, arguments))
        {
            await program.Lines.NextAsync("downloading");
            await program.Lines.NextAsync($"{slot.ToShortString()} proving");
            await program.Lines.NextAsync("submitProof");
            Assert.Equal(SlotState.Filled, await _market.Contract.GetSlotStateAsync(slot.SlotId));
            Assert.NotEmpty(Directory.GetFiles(Path.Combine(data, "slots"), "*.data"));
            program.Interrupt();
            Assert.Equal(0, await program.EndAsync());
            await program.Lines.NextAsync("Sales under way, which the next run takes up: 1.");
        }

        await using (var program = RunningProgram.Start(_files.Root, arguments))
        {
            await program.Lines.NextAsync("goes on as sale proving");
            await program.Lines.NextAsync("submitProof");
            var end = (await _market.Node.GetHeadAsync()).Time.Plus(400);
            await _market.Node.SetNextTimeAsync(end);
            await program.Lines.NextAsync("finished: ");
            program.Interrupt();
            Assert.Equal(0, await program.EndAsync());
            await program.Lines.NextAsync("Sales under way, which the next run takes up: 0.");
        }

        Assert.Equal(SlotState.Paid, await _market.Contract.GetSlotStateAsync(slot.SlotId));
        Assert.True(await _market.Contract.GetBalanceAsync(_market.Host) > MarketOnANode.HostFunds);
        Assert.Empty(Directory.GetFiles(Path.Combine(data, "slots")));
    }

    [Fact]
    public async Task A_second_interruption_ends_it_at_once()
    {
        await _market.RequestAsync(slots: 2, durationSeconds: 300, expirySeconds: 200);
        await _market.Node.SetAutomineAsync(false);

        await using var program = RunningProgram.Start(_files.Root, Arguments());
        await program.Lines.NextAsync("reserveSlot");
        program.Interrupt();
        await program.Lines.NextAsync("Nothing new begins.");

        // It tells how it is every second, and what comes within a second of the first interruption is the same one.
        for (var told = 0; told < 3; told++)
        {
            await program.Lines.NextAsync("new sales are paused");
        }

        program.Interrupt();

        Assert.Equal(143, await program.EndAsync());
    }

    [Fact]
    public async Task A_dry_run_decides_and_sends_nothing()
    {
        var sent = await CountSentAsync();
        await _market.RequestAsync(slots: 3, durationSeconds: 300, expirySeconds: 200);

        await using var program = RunningProgram.Start(_files.Root, [.. Arguments(), "--dry-run"]);
        for (var slot = 0; slot < 3; slot++)
        {
            await program.Lines.NextAsync("A dry run ends here: the slot would be reserved now.");
        }

        program.Interrupt();
        Assert.Equal(0, await program.EndAsync());
        Assert.Equal(sent, await CountSentAsync());
        Assert.False(Directory.Exists(_files.PathOf("data")));
    }

    private async Task<string> CountSentAsync() =>
        (await _market.Node.Rpc.CallAsync("eth_getTransactionCount", $"{_market.Host}", "pending")).GetString()!;

    private string[] Arguments() =>
    [
        "run", "--rpc", $"{_market.Node.WebSocketUrl}", "--marketplace", $"{_market.Contract.Marketplace}",
        "--key-file", WriteKey(), "--data", _files.PathOf("data"), "--hook", WriteHook(),
        "--availability", "size=1MiB,duration=30d,price=1,collateral=1000000", "--report-every", "1",
        "--listen", "none",
    ];

    private string WriteHook() => WriteFor(UnixFileMode.UserRead | UnixFileMode.UserExecute, "hook", Hook);

    private string WriteKey() => WriteFor(UnixFileMode.UserRead, "key", MarketOnANode.HostKey);

    private string WriteFor(UnixFileMode mode, string name, string text)
    {
        var path = _files.WriteText(name, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        return path;
    }
}
