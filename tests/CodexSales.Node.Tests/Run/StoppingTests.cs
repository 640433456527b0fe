using Microsoft.Data.Sqlite;

namespace CodexSales.Node.Tests.Run;

/// <summary>How the program ends, by which signal, and what goes on until it does.</summary>
public sealed class StoppingTests : IAsyncLifetime
{
    private readonly MarketOnANode _market = new();
    private readonly HostHome _home;

    public StoppingTests() => _home = new HostHome(_market);

    public ValueTask InitializeAsync() => _market.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _market.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task A_signal_ends_it_in_order()
    {
        await using var program = RunningProgram.Start(_home.Root, _home.Arguments);
        await program.Lines.NextAsync("no slot is open on the market");

        program.Signal("TERM");

        Assert.Equal(0, await program.EndAsync());
        await program.Lines.NextAsync("Stopped. Sales under way, which the next run takes up: 0.");
    }

    [Fact]
    public async Task A_hang_up_without_a_terminal_has_it_read_its_options_again()
    {
        Needs.Linux("a hang-up that is surely not ignored");
        await using var program = RunningProgram.StartWithHangUp(_home.Root, _home.Arguments);
        await program.Lines.NextAsync("no slot is open on the market");
        await File.WriteAllTextAsync(Path.Combine(_home.Root, "appsettings.json"), """{ "run": { "queue-size": 9 } }""", TestContext.Current.CancellationToken);

        program.Signal("HUP");

        await program.Lines.NextAsync("Changed options are taken: 3 workers, a queue of 9.");
        program.Interrupt();
        Assert.Equal(0, await program.EndAsync());
    }

    [Fact]
    public async Task Two_signals_within_a_moment_are_one_interruption()
    {
        Needs.Linux("a hang-up that is surely not ignored");
        await using var program = RunningProgram.StartWithHangUp(_home.Root, _home.Arguments);
        await program.Lines.NextAsync("no slot is open on the market");

        program.Signal("TERM", "HUP");

        Assert.Equal(0, await program.EndAsync());
        await program.Lines.NextAsync("Stopped. Sales under way, which the next run takes up: 0.");
    }

    [Fact]
    public async Task What_was_killed_goes_on_where_it_was()
    {
        await using (var program = await StartWithASlotAsync())
        {
            program.Signal("KILL");
            Assert.Equal(137, await program.EndAsync());
        }

        await using var again = _home.Start();
        await again.Lines.NextAsync("goes on as sale proving; it was sale proving when the last run ended.");
        await again.Lines.NextAsync("submitProof");
        again.Interrupt();
        Assert.Equal(0, await again.EndAsync());
    }

    [Fact]
    public async Task Hosted_slots_are_proved_while_what_is_on_its_way_is_waited_for()
    {
        await using var program = await StartWithASlotAsync();
        await using (await LockStoreAsync())
        {
            await BeginStopAsync(program);
            for (var proof = 0; proof < 3; proof++)
            {
                await program.Lines.NextAsync("was sent with nonce");
            }

            Assert.DoesNotContain("Stopped.", $"{program.Lines}", StringComparison.Ordinal);
        }

        Assert.Equal(0, await program.EndAsync());
        await program.Lines.NextAsync("Stopped. Sales under way, which the next run takes up: 3.");
    }

    [Fact]
    public async Task What_is_not_done_in_time_is_told_and_ends_it_with_1()
    {
        await using var program = await StartWithASlotAsync("--stop-within", "2");
        await using var locked = await LockStoreAsync();

        await BeginStopAsync(program);

        Assert.Equal(1, await program.EndAsync());
        await program.Lines.NextAsync(
            "Stopping failed: what was on its way was not done within 2 s. The next run finds out what became of what was on its way.");
    }

    [Fact]
    public async Task A_transaction_that_is_in_no_block_in_time_is_named()
    {
        await _market.RequestAsync(slots: 1, durationSeconds: 900, expirySeconds: 800);
        await _market.Node.SetAutomineAsync(false);
        await using var program = _home.Start("--stop-within", "1");
        await program.Lines.NextAsync("reserveSlot");

        program.Interrupt();

        Assert.Equal(1, await program.EndAsync());
        Assert.Matches("stop     reserveSlot 0x[0-9a-f]{4}…[0-9a-f]{4}/0 is in no block yet\\.", $"{program.Lines}");
        await program.Lines.NextAsync("Stopping failed: ");
    }

    private async Task<RunningProgram> StartWithASlotAsync(params string[] more)
    {
        await _market.Node.SetBlockSecondsAsync(1);
        await _market.RequestAsync(slots: 1, durationSeconds: 900, expirySeconds: 800);
        var program = _home.Start(more);
        await program.Lines.NextAsync("hosted: 1;");
        return program;
    }

    // A sale is on its way to the store, which is locked.
    private async Task BeginStopAsync(RunningProgram program)
    {
        await _market.RequestAsync(slots: 2, durationSeconds: 900, expirySeconds: 800);
        await program.Lines.NextAsync("is locked for now by another program");
        program.Interrupt();
        await program.Lines.NextAsync("Nothing new begins.");
    }

    private async Task<SqliteConnection> LockStoreAsync()
    {
        var connection = new SqliteConnection($"Data Source={_home.Store};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        await begin.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
