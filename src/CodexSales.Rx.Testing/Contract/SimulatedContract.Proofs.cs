namespace CodexSales.Rx.Testing.Contract;

/// <content>Proofs: what is wanted, what came, and what validators do about the rest.</content>
internal sealed partial class SimulatedContract
{
    // The slots that validators look at, in the order of their fills.
    private readonly List<ContractSlot> _watched = [];

    /// <summary>True while a slot is filled, which validators look at.</summary>
    public bool HasWatchedSlots => _watched.Count > 0;

    /// <summary>The first second after the period in which the moment is.</summary>
    public UnixSeconds GetPeriodEnd(UnixSeconds now) => _draw.EndOf(_draw.PeriodAt(now));

    /// <summary>The slot's demand of a proof. Null where the contract overflows. Source: <c>isProofRequired</c>.</summary>
    public ProofDemand? FindProofDemand(BlockStamp at, SlotKey key)
    {
        var slot = FindSlot(key);
        var period = _draw.PeriodAt(at.Time);
        var pointer = _draw.PointerAt(at, slot?.Id ?? key.SlotId, period);
        var challenge = _draw.ChallengeAt(at, pointer);
        if (slot is null || slot.StateAt(at.Time) != SlotState.Filled || period <= slot.FirstPeriod)
        {
            return new ProofDemand(period, false, false, pointer, challenge);
        }

        if (slot.Request.EffectiveProbability is not { } probability)
        {
            return null;
        }

        var isDrawn = _draw.IsDrawn(at, pointer, probability);
        var isInDowntime = _draw.IsInDowntime(pointer);
        return new ProofDemand(period, isDrawn && !isInDowntime, isDrawn && isInDowntime, pointer, challenge);
    }

    /// <summary>Source: <c>submitProof</c>. Accepted whether a proof is required or not, and in any state.</summary>
    public ContractReply SubmitProof(BlockStamp at, Address host, SlotKey key, Groth16Proof proof)
    {
        if (FindSlot(key) is not { } slot)
        {
            return UnknownRequest(key.RequestId);
        }

        var fault = slot.Host != host
            ? Refused(MarketRefusal.NotTheHost, $"{host} does not fill slot {key}.")
            : FindProofFault(at, slot, proof);
        if (fault is { } refused)
        {
            return refused;
        }

        slot.AddProof(_draw.PeriodAt(at.Time));
        return ContractReply.Landed(at, [new ProofSubmitted(at, slot.Id)]);
    }

    /// <summary>Validators, in the first block after a period: each missing proof slashes its slot.</summary>
    /// <returns>How many proofs were marked, and the events. Source: <c>markProofAsMissing</c>.</returns>
    public (int Marks, IReadOnlyList<MarketEvent> Events) MarkMissingProofs(BlockStamp at, UnixSeconds periodEnd)
    {
        var period = _draw.PeriodAt(periodEnd) - 1;
        var marks = 0;
        List<MarketEvent> events = [];
        _watched.RemoveAll(slot =>
        {
            if (IsToBeWatched(at.Time, slot) && IsMissing(at, slot, period))
            {
                marks++;
                events.AddRange(Slash(at, slot));
            }

            slot.IsWatched = IsToBeWatched(at.Time, slot);
            return !slot.IsWatched;
        });
        return (marks, events);
    }

    // A proof is verified against the challenge of the block that it lands in.
    private ContractReply? FindProofFault(BlockStamp at, ContractSlot slot, Groth16Proof proof)
    {
        var period = _draw.PeriodAt(at.Time);
        var challenge = _draw.ChallengeAt(at, _draw.PointerAt(at, slot.Id, period));
        return slot.HasProofOf(period)
                ? Refused(MarketRefusal.ProofAlreadySubmitted, $"Slot {slot.Key} has its proof of period {period}.")
            : proof == ValidProof.OfAnything || proof == ValidProof.Of(slot.Key, challenge)
                ? null
            : Refused(
                MarketRefusal.InvalidProof,
                $"The proof of slot {slot.Key} is stale, or none: the challenge in block {at.Number} is {challenge}.");
    }

    // The record tells the fate of its own hosts' slots.
    private static bool IsToBeWatched(UnixSeconds now, ContractSlot slot) =>
        slot.Host != Outsider && slot.StateAt(now) == SlotState.Filled;

    private bool IsMissing(BlockStamp at, ContractSlot slot, ulong period)
    {
        var end = _draw.EndOf(period);
        if (at.Time <= end || at.Time >= end.Plus(_options.Rules.ProofTimeoutSeconds)
            || slot.HasProofOf(period) || period <= slot.FirstPeriod)
        {
            return false;
        }

        var pointer = _draw.PointerAt(at, slot.Id, period);
        return !_draw.IsInDowntime(pointer)
            && slot.Request.EffectiveProbability is { } probability
            && _draw.IsDrawn(at, pointer, probability);
    }

    private List<MarketEvent> Slash(BlockStamp at, ContractSlot slot)
    {
        // The fill has shown that the collateral is in range, but its hundredfold may not be: then the contract can't
        // slash.
        if (!slot.Request.Ask.TryGetSlotCollateral(out var full)
            || !UInt256.TryMultiply(full, _options.SlashPercent, out var hundredfold)
            || !UInt256.TryMultiply(hundredfold / 100, _options.ValidatorRewardPercent, out var reward))
        {
            return [];
        }

        slot.MissedProofs++;
        slot.Collateral -= hundredfold / 100;
        Pay(Validator, reward / 100);
        return slot.MissedProofs >= _options.MaxSlashes ? Evict(at, slot) : [];
    }

    private void Watch(ContractSlot slot)
    {
        if (!slot.IsWatched && slot.Host != Outsider)
        {
            slot.IsWatched = true;
            _watched.Add(slot);
        }
    }
}
