namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>Every error that the Marketplace and its token declare.</summary>
/// <remarks>Source: <c>Marketplace.sol</c>, <c>Proofs.sol</c>, <c>Periods.sol</c>, <c>SlotReservations.sol</c>;
/// ERC-6093.</remarks>
internal static class DeclaredErrors
{
    public static readonly ImmutableArray<DeclaredError> All =
    [
        New("SlotReservations_ReservationNotAllowed()",
            "the slot has all its reservations, or this host has reserved it already",
            MarketRefusal.ReservationNotAllowed),
        New("Marketplace_ReservationRequired()",
            "this host has not reserved the slot", MarketRefusal.ReservationRequired),
        New("Marketplace_SlotNotFree()",
            "another host fills the slot, or its request is over", MarketRefusal.SlotNotFree),
        New("Marketplace_SlotIsFree()", "nobody fills the slot", MarketRefusal.SlotIsFree),
        New("Marketplace_InvalidSlotHost()", "this host does not fill the slot", MarketRefusal.NotTheHost),
        New("Marketplace_ProofNotSubmittedByHost()", "this host does not fill the slot", MarketRefusal.NotTheHost),
        New("Marketplace_AlreadyPaid()", "the slot was paid out already", MarketRefusal.AlreadyPaid),
        New("Marketplace_StartNotBeforeExpiry()",
            "the slot was filled too late ever to be freed", MarketRefusal.StartNotBeforeExpiry),
        New("Marketplace_UnknownRequest()", "the contract does not know the request", MarketRefusal.UnknownRequest),
        New("Marketplace_InvalidSlot()", "the request has no slot of that index", MarketRefusal.InvalidSlot),
        New("Proofs_InvalidProof()", "the proof does not verify", MarketRefusal.InvalidProof),
        New("Proofs_ProofAlreadySubmitted()",
            "the slot has its proof of this period", MarketRefusal.ProofAlreadySubmitted),
        New("ERC20InsufficientBalance(address,uint256,uint256)",
            "the account has too few tokens", MarketRefusal.InsufficientFunds),
        New("ERC20InsufficientAllowance(address,uint256,uint256)",
            "the marketplace may not take so many of the account's tokens", MarketRefusal.InsufficientFunds),

        New("Marketplace_SlotNotAcceptingProofs()", "the slot takes no proofs in its state"),
        New("Marketplace_InvalidState()", "the request is not in a state for that"),
        New("Marketplace_NothingToWithdraw()", "there is nothing to withdraw"),
        New("Marketplace_TransferFailed()", "the token did not transfer"),
        New("Marketplace_InvalidClientAddress()", "the request is another client's"),
        New("Marketplace_RequestAlreadyExists()", "the request exists already"),
        New("Marketplace_DurationExceedsLimit()", "the duration is over the contract's limit"),
        New("Marketplace_InsufficientCollateral()", "the request asks for no collateral"),
        New("Marketplace_InsufficientDuration()", "the request has no duration"),
        New("Marketplace_InsufficientProofProbability()", "the request has a proof probability of 0"),
        New("Marketplace_InsufficientReward()", "the request pays nothing"),
        New("Marketplace_InsufficientSlots()", "the request has no slots"),
        New("Marketplace_InvalidCid()", "the request has no content id"),
        New("Marketplace_InvalidExpiry()", "the request's expiry is not within its duration"),
        New("Marketplace_InvalidMaxSlotLoss()", "the request may lose more slots than it has"),
        New("Marketplace_MaximumSlashingTooHigh()", "the contract's configuration slashes too much"),
        New("Marketplace_RepairRewardPercentageTooHigh()", "the contract's configuration rewards repair too much"),
        New("Marketplace_SlashPercentageTooHigh()", "the contract's configuration slashes too much at once"),
        New("Periods_InvalidSecondsPerPeriod()", "the contract's configuration has periods of 0 seconds"),
        New("Proofs_InsufficientBlockHeight()", "the chain has too few blocks for a challenge"),
        New("Proofs_PeriodNotEnded()", "the period has not ended"),
        New("Proofs_ProofAlreadyMarkedMissing()", "the proof was marked as missing already"),
        New("Proofs_ProofNotMissing()", "the proof is not missing"),
        New("Proofs_ProofNotRequired()", "no proof was required"),
        New("Proofs_ValidationTimedOut()", "the period is too long ago"),

        New("ERC20InvalidApprover(address)", "the token does not let this account approve"),
        New("ERC20InvalidReceiver(address)", "the token does not transfer to this account"),
        New("ERC20InvalidSender(address)", "the token does not transfer from this account"),
        New("ERC20InvalidSpender(address)", "the token does not let this account spend"),
    ];

    public static DeclaredError? Find(ReadOnlySpan<byte> selector)
    {
        foreach (var candidate in All)
        {
            if (selector.SequenceEqual(candidate.Selector.Span))
            {
                return candidate;
            }
        }

        return null;
    }

    private static DeclaredError New(
        string signature, string meaning, MarketRefusal refusal = MarketRefusal.Other) =>
        new(new ContractFunction(signature), meaning, refusal);
}
