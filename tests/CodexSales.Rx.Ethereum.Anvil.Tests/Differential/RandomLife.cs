using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Differential;

/// <summary>
/// Clients and hosts who do this and that, most of it sensible, at times near to the moments at which states change.
/// </summary>
internal sealed class RandomLife(
    TwoContracts contracts, IReadOnlyList<Address> clients, IReadOnlyList<Address> hosts, int seed)
{
    private const ulong MostSlots = 3;

    // After the end of a period: the last second before, the first and the last one of its time-out, the first one after.
    private static readonly ulong[] MarkDelays = [0, 1, 4, 5];

    private static readonly Groth16Proof ZeroProof = new(0, 0, 0, 0, 0, 0, 0, 0);

    private readonly Random _random = new(seed);
    private readonly List<(StorageRequest Request, UnixSeconds At)> _requests = [];
    private readonly List<(Address Host, SlotKey Slot)> _reservations = [];
    private readonly List<RequestId> _turning = [];

    /// <summary>What was done so far, for people.</summary>
    public List<string> Done { get; } = [];

    /// <summary>One transaction, and a comparison of all that it may have touched.</summary>
    public async Task StepAsync()
    {
        var at = PickTime();
        switch (_random.Next(_requests.Count == 0 ? 1 : 20))
        {
            case < 3:
                var request = PickRequest();
                var isNew = !contracts.Knows(RequestId.Of(request));
                await DoAsync(
                    $"{at} request {request}", RequestId.Of(request), contracts.RequestStorageAsync(at, request));
                if (isNew && contracts.Knows(RequestId.Of(request)))
                {
                    _requests.Add((request, at));
                }

                break;

            case < 8:
                var (host, slot) = (Pick(hosts), PickSlot());
                _reservations.Add((host, slot));
                await DoAsync(
                    $"{at} reserve {slot} by {host}", slot.RequestId, contracts.ReserveSlotAsync(at, host, slot));
                break;

            case < 13:
                (host, slot) = _reservations.Count > 0 && Chance(19, 20)
                    ? PickReservation()
                    : (Pick(hosts), PickSlot());
                await DoAsync(
                    $"{at} fill {slot} by {host}", slot.RequestId,
                    contracts.FillSlotAsync(at, host, slot, PickProof()));
                break;

            case < 15:
                slot = PickFilledSlot();
                host = PickHostOf(slot);
                await DoAsync(
                    $"{at} prove {slot} by {host}", slot.RequestId,
                    contracts.SubmitProofAsync(at, host, slot, PickProof()));
                break;

            case < 17:
                slot = PickFilledSlot();
                host = PickHostOf(slot);
                await DoAsync($"{at} free {slot} by {host}", slot.RequestId, contracts.FreeSlotAsync(at, host, slot));
                break;

            case < 18:
                var (asked, _) = Pick(_requests);
                var client = Chance(9, 10) ? asked.Client : Pick(clients);
                var id = RequestId.Of(asked);
                await DoAsync($"{at} withdraw {id} by {client}", id, contracts.WithdrawFundsAsync(at, client, id));
                break;

            default:
                id = RequestId.Of(Pick(_requests).Request);
                await DoAsync("mark missing", id, contracts.MarkMissingProofsAsync(Pick(MarkDelays)));
                break;
        }
    }

    private async Task DoAsync(string what, RequestId touched, Task done)
    {
        Done.Add(what);
        await done;
        foreach (var request in _turning.Append(touched).Distinct())
        {
            await contracts.AssertSameAsync(request, MostSlots);
        }

        _turning.Clear();
    }

    // Expiry and end have rules of their own for the very second, which is worth a look at the request.
    private UnixSeconds PickTime()
    {
        if (_requests.Count > 0 && Chance(1, 8))
        {
            var (request, at) = PickNew(_requests, 8);
            var moment = at.Plus(Chance(1, 2) ? request.ExpirySeconds : request.Ask.DurationSeconds);
            moment = moment.Plus(Chance(1, 2) ? 0ul : 1ul);
            if (moment > contracts.Now)
            {
                _turning.Add(RequestId.Of(request));
                return moment;
            }
        }

        return contracts.Now.Plus((ulong)_random.Next(1, 3));
    }

    private StorageRequest PickRequest()
    {
        if (_requests.Count > 0 && Chance(1, 20))
        {
            return Pick(_requests).Request;
        }

        var slots = (ulong)_random.Next(1, (int)MostSlots + 1);
        var good = new StorageRequest
        {
            Client = Pick(clients),
            Ask = new StorageAsk
            {
                ProofProbability = 1,
                PricePerBytePerSecond = (ulong)_random.Next(1, 4),
                CollateralPerByte = (ulong)_random.Next(1, 1000),
                Slots = slots,
                SlotSizeBytes = (ulong)_random.Next(0, 200),
                DurationSeconds = (ulong)_random.Next(200, 600),
                MaxSlotLoss = (ulong)_random.Next(0, (int)slots + 1),
            },
            Cid = [.. Enumerable.Range(0, _random.Next(1, 70)).Select(number => (byte)number)],
            MerkleRoot = default,
            ExpirySeconds = (ulong)_random.Next(50, 200),
            Nonce = Keccak256.Hash([(byte)(_requests.Count / 256), (byte)_requests.Count]),
        };
        return Chance(1, 4) ? Spoil(good) : good;
    }

    private StorageRequest Spoil(StorageRequest good) => _random.Next(13) switch
    {
        0 => good with { ExpirySeconds = 0 },
        1 => good with { ExpirySeconds = good.Ask.DurationSeconds },
        2 => good with { Ask = good.Ask with { Slots = 0, MaxSlotLoss = 0 } },
        3 => good with { Ask = good.Ask with { MaxSlotLoss = good.Ask.Slots + 1 } },
        4 => good with { Ask = good.Ask with { ProofProbability = 0 } },
        5 => good with { Ask = good.Ask with { CollateralPerByte = 0 } },
        6 => good with { Ask = good.Ask with { PricePerBytePerSecond = 0 } },
        7 => good with { Cid = [] },
        8 => good with { Ask = good.Ask with { DurationSeconds = 2_592_001 } },
        9 => good with { Ask = good.Ask with { PricePerBytePerSecond = UInt256.MaxValue } },
        10 => good with { Ask = good.Ask with { CollateralPerByte = UInt256.MaxValue } },

        // The seconds of all slots are counted with 64 bits: this is one slot too many, and that is the most there is.
        11 => good with
        {
            Ask = good.Ask with { Slots = (ulong.MaxValue / good.Ask.DurationSeconds) + 1, SlotSizeBytes = 0 },
        },
        _ => good with
        {
            ExpirySeconds = 1,
            Ask = good.Ask with { Slots = long.MaxValue, SlotSizeBytes = 0, DurationSeconds = 2 },
        },
    };

    private SlotKey PickSlot()
    {
        var request = Chance(9, 10) ? PickNew(_requests, 4).Request : Pick(_requests).Request;
        var id = Chance(1, 40) ? new RequestId(Keccak256.Hash([1])) : RequestId.Of(request);
        var slots = (int)Math.Min(request.Ask.Slots, MostSlots);
        return new SlotKey(id, Chance(1, 40) ? ulong.MaxValue : (ulong)_random.Next(slots));
    }

    private SlotKey PickFilledSlot()
    {
        var filled = _requests
            .SelectMany(made => Slots(RequestId.Of(made.Request)))
            .Where(slot => contracts.HostOf(slot) != default)
            .ToList();
        return filled.Count > 0 && Chance(19, 20) ? Pick(filled) : PickSlot();
    }

    private static IEnumerable<SlotKey> Slots(RequestId request) =>
        Enumerable.Range(0, (int)MostSlots).Select(index => new SlotKey(request, (ulong)index));

    private (Address Host, SlotKey Slot) PickReservation() => PickNew(_reservations, 12);

    // What is new is more likely to be open still.
    private T PickNew<T>(List<T> choices, int newest) => Pick(choices[^Math.Min(newest, choices.Count)..]);

    private Address PickHostOf(SlotKey slot) =>
        contracts.HostOf(slot) is var host && host != default && Chance(9, 10) ? host : Pick(hosts);

    private Groth16Proof PickProof() => Chance(1, 20) ? ZeroProof : DeployedMarketplace.Proof;

    private T Pick<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    private bool Chance(int times, int outOf) => _random.Next(outOf) < times;
}
