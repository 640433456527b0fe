using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Differential;

public sealed class DifferentialTests
{
    private const int Runs = 2;
    private const int Steps = 500;
    private const int StepsBetweenAudits = 50;
    private const ulong Day = 86_400;

    private static readonly UnixSeconds Start = new(1_800_000_000);

    // What a run in which little happens would not see.
    private static readonly string[] Wanted =
    [
        "StorageRequested", "SlotReservationsFull", "ProofSubmitted", "SlotFilled", "SlotFreed",
        "RequestFulfilled", "RequestFailed", "RequestCancelled", "marks",
        "SlotReservations_ReservationNotAllowed", "Marketplace_ReservationRequired", "Marketplace_SlotNotFree",
        "Marketplace_SlotIsFree", "Marketplace_InvalidSlotHost", "Marketplace_AlreadyPaid",
        "Marketplace_UnknownRequest", "Marketplace_InvalidSlot", "Marketplace_ProofNotSubmittedByHost",
        "Marketplace_InvalidState", "Marketplace_NothingToWithdraw", "Marketplace_RequestAlreadyExists",
        "Proofs_InvalidProof", "Proofs_ProofAlreadySubmitted", "ERC20InsufficientBalance", "Panic",
    ];

    [Fact]
    public async Task The_test_kits_contract_does_what_the_one_on_the_node_does()
    {
        await using var node = await AnvilNode.StartAsync(new AnvilOptions { StartTime = Start });
        var seen = new Dictionary<string, int>();
        for (var seed = 1; seed <= Runs; seed++)
        {
            await RunAsync(node, seed, seen);
        }

        var told = string.Join('\n', seen.Select(pair => $"{pair.Key}: {pair.Value}"));
        Assert.True(Wanted.All(seen.ContainsKey), $"Missing {string.Join(", ", Wanted.Except(seen.Keys))} in:\n{told}");
    }

    private static async Task RunAsync(AnvilNode node, int seed, Dictionary<string, int> seen)
    {
        var market = await DeployedMarketplace.DeployAsync(node, TwoContracts.Settings);
        var contracts = new TwoContracts(market, seen);
        Address[] clients = [.. node.Accounts.Skip(1).Take(3)];
        Address[] hosts = [.. node.Accounts.Skip(4).Take(4)];
        foreach (var account in clients[1..].Concat(hosts[1..]))
        {
            await contracts.FundAsync(account, 1_000_000_000_000);
        }

        // The first of each is poor, and runs out of tokens.
        await contracts.FundAsync(clients[0], 200_000);
        await contracts.FundAsync(hosts[0], 500_000);

        // With the times of all blocks told, the same seed gives the same run.
        await contracts.BeginAsync(Start.Plus((ulong)seed * Day));
        var life = new RandomLife(contracts, clients, hosts, seed);
        try
        {
            for (var step = 1; step <= Steps; step++)
            {
                await life.StepAsync();
                if (step % StepsBetweenAudits == 0)
                {
                    await contracts.AssertSameAsync([.. clients, .. hosts]);
                }
            }
        }
        catch (Exception difference)
        {
            throw new InvalidOperationException(
                $"Seed {seed}, after:\n{string.Join('\n', life.Done.TakeLast(20))}", difference);
        }
    }
}
