using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Anvil;
using CodexSales.Rx.Sqlite.Tests;

namespace CodexSales.Node.Tests.Run;

/// <summary>A data disk of 3 MiB that somebody else fills.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private const int Proofs = 12;

    private readonly MarketOnANode _market = new() { PeriodSeconds = 10 };

    public ValueTask InitializeAsync() => _market.InitializeAsync();

    public ValueTask DisposeAsync() => _market.DisposeAsync();

    [Fact]
    public async Task It_costs_no_proof_of_hosted_slots_and_nothing_new_begins()
    {
        using var disk = new SmallDisk(megabytes: 3);
        using var home = new HostHome(_market) { Data = disk.File("data") };
        await _market.Node.SetBlockSecondsAsync(1);
        var hosted = await RequestAsync(slots: 3);
        await using var program = home.Start("--keep-free", "1MiB");
        await program.Lines.NextAsync("hosted: 3;");

        disk.Fill();
        var full = (await _market.Node.GetHeadAsync()).Number;
        await program.Lines.NextAsync("less than the 1 MiB of --keep-free are free on the disk of --data");
        var next = await RequestAsync(slots: 1);
        for (var proof = 0; proof < Proofs; proof++)
        {
            // Also what the store has given up of its reserve.
            disk.Fill();
            await program.Lines.NextAsync("was sent with nonce");
        }

        await program.Lines.NextAsync(
            "Waiting: nothing new is begun: less than the 1 MiB of --keep-free are free on the disk of --data; hosted slots go on.");
        var (missed, proved) = await LookAsync(hosted, full);
        Assert.Empty(missed);
        Assert.InRange(proved, Proofs / 2, int.MaxValue);
        Assert.DoesNotContain(next[0].ToShortString(), $"{program.Lines}", StringComparison.Ordinal);

        disk.Empty();
        await program.Lines.NextAsync("There is enough room on the disk again: new slots are taken.");
        await program.Lines.NextAsync($"{next[0].ToShortString()} proving");
        program.Interrupt();
        Assert.Equal(0, await program.EndAsync());
    }

    private async Task<List<SlotKey>> RequestAsync(ulong slots)
    {
        var request = RequestId.Of(await _market.RequestAsync(slots, durationSeconds: 900, expirySeconds: 800));
        return [.. Enumerable.Range(0, (int)slots).Select(index => new SlotKey(request, (ulong)index))];
    }

    // What the contract says to a validator, in each block since one, of the period before.
    private async Task<(List<string> Missed, int Proved)> LookAsync(IReadOnlyList<SlotKey> slots, ulong since)
    {
        var provedInTime = CallData.Of("Proofs_ProofNotMissing()").ToString();
        var (missed, proved) = (new List<string>(), new HashSet<string>());
        for (var block = since + _market.PeriodSeconds; block <= (await _market.Node.GetHeadAsync()).Number; block++)
        {
            var period = ((await _market.Node.GetBlockTimeAsync(block)).Value / _market.PeriodSeconds) - 1;
            foreach (var slot in slots)
            {
                var refusal = await _market.Contract.FindRevertAsync(
                    _market.Node.Accounts[0], MarketplaceCalls.MarkProofAsMissing(slot.SlotId, period), block);
                var proof = $"{slot.ToShortString()} in period {period}";
                if (refusal is null)
                {
                    missed.Add(proof);
                }
                else if (refusal == provedInTime)
                {
                    proved.Add(proof);
                }
            }
        }

        return (missed, proved.Count);
    }
}
