namespace CodexSales.Rx.Testing.Contract;

/// <content>What clients do: ask for storage, and take back what was not spent.</content>
internal sealed partial class SimulatedContract
{
    /// <summary>Source: <c>requestStorage</c>.</summary>
    public ContractReply RequestStorage(BlockStamp at, StorageRequest request)
    {
        var id = RequestId.Of(request);
        if (FindFault(id, request) is { } fault)
        {
            return Refused(MarketRefusal.Other, $"{fault}.");
        }

        if (!TryGetPrice(request.Ask, out var price))
        {
            return Refused(MarketRefusal.Other, "Panic 0x11: the slots' seconds are over 2^64 - 1, or the price over 2^256 - 1.");
        }

        if (!Tokens.TryTransfer(request.Client, Account, price))
        {
            return Refused(MarketRefusal.InsufficientFunds, $"{request.Client} owns less than the price of {price}.");
        }

        var expiresAt = at.Time.Plus(request.ExpirySeconds);
        AddRequest(id, request, expiresAt, at.Time.Plus(request.Ask.DurationSeconds), price);
        return ContractReply.Landed(at, [new StorageRequested(at, id, request.Ask, expiresAt)]);
    }

    /// <summary>Source: <c>withdrawFunds</c>.</summary>
    public ContractReply WithdrawFunds(BlockStamp at, Address client, RequestId id)
    {
        if (FindRequest(id) is not { } request)
        {
            return UnknownRequest(id);
        }

        var state = request.StateAt(at.Time);
        var fault = request.Request.Client != client ? "Marketplace_InvalidClientAddress"
            : state is RequestState.New or RequestState.Started ? "Marketplace_InvalidState"
            : request.ClientFunds == UInt256.Zero ? "Marketplace_NothingToWithdraw"
            : null;
        if (fault is not null)
        {
            return Refused(MarketRefusal.Other, $"{fault}.");
        }

        var amount = state switch
        {
            RequestState.Cancelled => request.ClientFunds
                + (request.Pay(request.ExpiresAt, request.EndsAt) * request.SlotsFilled),
            RequestState.Failed => TryGetPrice(request.Ask, out var price) ? price : UInt256.Zero,
            _ => request.ClientFunds,
        };
        request.Stored = state;
        request.ClientFunds = UInt256.Zero;
        Pay(client, amount);
        return state == RequestState.Cancelled
            ? ContractReply.Landed(at, [new RequestCancelled(at, id)])
            : ContractReply.Landed(at);
    }

    /// <summary>All slots' reward; false if it or their seconds (64 bits) overflow. Source: <c>maxPrice</c>.</summary>
    public static bool TryGetPrice(StorageAsk ask, out UInt256 price)
    {
        price = UInt256.Zero;
        return (UInt128)ask.Slots * ask.DurationSeconds <= ulong.MaxValue
            && ask.TryGetSlotReward(out var reward) && UInt256.TryMultiply(reward, ask.Slots, out price);
    }

    private void AddRequest(
        RequestId id, StorageRequest request, UnixSeconds expiresAt, UnixSeconds endsAt, UInt256 price) =>
        _requests.Add(id, new RequestRecord(id, request, expiresAt, endsAt)
        {
            EffectiveProbability = _draw.FindEffectiveProbability(request.Ask),
            ClientFunds = price,
        });

    private string? FindFault(RequestId id, StorageRequest request) => request switch
    {
        _ when _requests.ContainsKey(id) => "Marketplace_RequestAlreadyExists",
        { ExpirySeconds: 0 } => "Marketplace_InvalidExpiry",
        _ when request.ExpirySeconds >= request.Ask.DurationSeconds => "Marketplace_InvalidExpiry",
        { Ask.Slots: 0 } => "Marketplace_InsufficientSlots",
        _ when request.Ask.MaxSlotLoss > request.Ask.Slots => "Marketplace_InvalidMaxSlotLoss",
        _ when request.Ask.ProofProbability == UInt256.Zero => "Marketplace_InsufficientProofProbability",
        _ when request.Ask.CollateralPerByte == UInt256.Zero => "Marketplace_InsufficientCollateral",
        _ when request.Ask.PricePerBytePerSecond == UInt256.Zero => "Marketplace_InsufficientReward",
        { Cid.IsDefaultOrEmpty: true } => "Marketplace_InvalidCid",
        _ when request.Ask.DurationSeconds > _options.MaxDurationSeconds => "Marketplace_DurationExceedsLimit",
        _ => null,
    };

    private static ContractReply Refused(MarketRefusal reason, string detail) => ContractReply.Refused(reason, detail);

    private static ContractReply UnknownRequest(RequestId id) =>
        Refused(MarketRefusal.UnknownRequest, $"The contract does not know request {id}.");
}
