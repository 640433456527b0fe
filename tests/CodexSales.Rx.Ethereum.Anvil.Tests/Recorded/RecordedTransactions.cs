using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Recorded;

/// <summary>Which transactions left the recorded logs.</summary>
/// <param name="requests">Makes the requests.</param>
/// <param name="accounts">The accounts of the node, in its order.</param>
/// <param name="token">The token, whose address is that of the recording.</param>
/// <param name="marketplace">The contract, likewise.</param>
internal sealed class RecordedTransactions(
    RecordedRequests requests, IReadOnlyList<Address> accounts, Address token, Address marketplace)
{
    private const string Transfer = "0xddf252ad";
    private const string Approval = "0x8c5be1e5";
    private const string StorageRequested = "0x1bf9c457";
    private const string ProofSubmitted = "0x3b989d18";
    private const string SlotFilled = "0x8f301470";
    private const string SlotFreed = "0x33ba8f76";

    private const string Filling = $"{ProofSubmitted} {Transfer} {SlotFilled}";

    // Requests, by what becomes of them.
    private const string FinishedRequest = "0xddc898e6088f8154617b9dcb94482e98399b86b338b8d6f62c14f478ad7e11ac";
    private const string SlashedRequest = "0x1010a38ad065248b8bf922139a70af9b826e13b5449b8ebf44cf010644bf1489";
    private const string FailedRequest = "0x63ead51c203b4fac737ee6514f3fc5546adfb5342df411b918e77a622ce18659";
    private const string RefilledRequest = "0xc5e92dcf0b2b6ffb46ad7c934ff498c2748b89273441235eb5b2168b4d79c1c0";
    private const string UnknownRequest = "0x7eaf05caeff640eab3677c0a64e4bc64548f29a750e1150996fb9f39a66dca65";
    private const string WithdrawnRequest = "0x22696cb7f945f4773908174371682c74c6c276911e294dc1617bd75a70ad9f36";
    private const string CancelledRequest = "0xfa37a40a61e33d8968090d2dfc04dfb2732c0053c60bf7ad911af2ece4558698";
    private const string UnpayableRequest = "0xbd32369800a83b5781591a1c9999d9b5f49d3fa4c014d200b94fb9334b8df772";

    private const ulong PeriodSeconds = 10;

    private readonly Dictionary<SlotId, Address> _hosts = [];
    private readonly HashSet<(SlotKey Slot, Address Host)> _reserved = [];

    /// <summary>The transactions of a block, in order, with our ids.</summary>
    public IReadOnlyList<SentTransaction> Of(RecordedBlock block)
    {
        List<SentTransaction> sent = [.. OfScript(block.Number)];
        if (sent.Count == 0)
        {
            foreach (var logs in block.Transactions)
            {
                sent.AddRange(OfLogs(block, logs));
            }
        }

        return [.. sent.Select(transaction => transaction with { Data = requests.ToOurs(transaction.Data) })];
    }

    private IEnumerable<SentTransaction> OfLogs(RecordedBlock block, IReadOnlyList<ContractLog> logs)
    {
        switch (string.Join(' ', logs.Select(log => log.Topics[0][..10])))
        {
            case Transfer when AddressIn(logs[0].Topics[1]) == default:
                yield return new SentTransaction(
                    accounts[0], token,
                    CallData.Of("mint(address,uint256)").Add(AddressIn(logs[0].Topics[2])) + logs[0].Data[2..]);
                break;

            case Approval:
                yield return new SentTransaction(
                    AddressIn(logs[0].Topics[1]), token,
                    CallData.Of("approve(address,uint256)").Add(AddressIn(logs[0].Topics[2])) + logs[0].Data[2..]);
                break;

            case $"{Transfer} {StorageRequested}":
                var client = AddressIn(logs[0].Topics[1]);
                yield return new SentTransaction(
                    client, marketplace, requests.ToCall(logs[1], client, block.Time));
                break;

            case var events when events.StartsWith(Filling, StringComparison.Ordinal):
                var (host, slot) = (AddressIn(logs[1].Topics[1]), SlotIn(logs[2]));
                if (!_reserved.Contains((slot, host)))
                {
                    yield return Reserve(host, slot);
                }

                _hosts[slot.SlotId] = host;
                yield return Send(host, MarketplaceCalls.FillSlot(slot, DeployedMarketplace.Proof));
                break;

            case ProofSubmitted:
                var id = SlotId.Parse(logs[0].Data);
                yield return Send(_hosts[id], MarketplaceCalls.SubmitProof(id, DeployedMarketplace.Proof));
                break;

            case var events when events.StartsWith(SlotFreed, StringComparison.Ordinal):
                var freed = SlotIn(logs[0]);
                _reserved.RemoveWhere(reservation => reservation.Slot == freed);
                yield return Send(_hosts[freed.SlotId], MarketplaceCalls.FreeSlot(freed.SlotId));
                break;

            case "":
                break;

            default:
                throw new InvalidOperationException($"Nothing says what left the logs of block {block.Number}.");
        }
    }

    // What leaves no log, or logs that many transactions could have left. Accounts 5 to 12 are hosts, 13 a validator.
    private IEnumerable<SentTransaction> OfScript(ulong block) => block switch
    {
        360 => [Reserve(accounts[5], Slot(UnpayableRequest, 0))],
        367 => [Reserve(accounts[5], Slot(FinishedRequest, 0))],
        368 => [Reserve(accounts[6], Slot(FinishedRequest, 0))],
        369 => [Reserve(accounts[7], Slot(FinishedRequest, 0))],
        417 or 420 or 422 or 426 or 428 => [MarkMissing(block)],
        451 or 452 => [Send(accounts[7], MarketplaceCalls.FreeSlot(Slot(FailedRequest, 2).SlotId))],
        453 => [Send(accounts[1], MarketplaceCalls.WithdrawFunds(Slot(FailedRequest, 2).RequestId))],
        460 => [Reserve(accounts[6], Slot(RefilledRequest, 0))],
        464 or 465 or 466 => [Reserve(accounts[(int)block - 454], Slot(UnknownRequest, 7))],
        497 => [Reserve(accounts[6], Slot(CancelledRequest, 1))],
        498 => [Send(accounts[9], MarketplaceCalls.FreeSlot(Slot(CancelledRequest, 0).SlotId))],
        499 => [Send(accounts[1], MarketplaceCalls.WithdrawFunds(RequestId.Parse(WithdrawnRequest)))],
        500 => [Send(accounts[9], MarketplaceCalls.FreeSlot(Slot(WithdrawnRequest, 1).SlotId))],
        503 => [Send(accounts[5], MarketplaceCalls.FreeSlot(Slot(FinishedRequest, 0).SlotId))],
        504 => [Send(accounts[1], MarketplaceCalls.WithdrawFunds(Slot(FinishedRequest, 0).RequestId))],
        505 => [Send(accounts[6], MarketplaceCalls.FreeSlot(
            Slot(FinishedRequest, 1).SlotId, rewardRecipient: accounts[18], collateralRecipient: accounts[19]))],
        _ => [],
    };

    private SentTransaction MarkMissing(ulong block)
    {
        var time = RecordedRun.Blocks.Single(candidate => candidate.Number == block).Time;
        return Send(
            accounts[13],
            MarketplaceCalls.MarkProofAsMissing(Slot(SlashedRequest, 0).SlotId, (time.Value / PeriodSeconds) - 1));
    }

    private SentTransaction Reserve(Address host, SlotKey slot)
    {
        _reserved.Add((slot, host));
        return Send(host, MarketplaceCalls.ReserveSlot(slot));
    }

    private SentTransaction Send(Address from, CallData call) => new(from, marketplace, call.ToString());

    private static SlotKey Slot(string request, ulong index) => new(RequestId.Parse(request), index);

    private static SlotKey SlotIn(ContractLog log) =>
        Slot(log.Topics[1], (ulong)UInt256.FromBigEndian(Convert.FromHexString(log.Data.AsSpan(2))));

    private static Address AddressIn(string topic) => Address.Parse($"0x{topic[26..]}");
}

/// <summary>A transaction that a node signs.</summary>
internal sealed record SentTransaction(Address From, Address To, string Data);
