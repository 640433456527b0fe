namespace CodexSales.Rx.Web.Codex;

/// <summary>A request as Codex clients read it.</summary>
internal sealed record CodexRequest(
    RequestId Id, Address Client, CodexAsk Ask, CodexContent Content, ulong Expiry, Bytes32 Nonce)
{
    public static CodexRequest Of(RequestId id, StorageRequest request) => new(
        id,
        request.Client,
        new CodexAsk(
            request.Ask.Slots,
            request.Ask.SlotSizeBytes,
            request.Ask.DurationSeconds,
            request.Ask.ProofProbability,
            request.Ask.PricePerBytePerSecond,
            request.Ask.CollateralPerByte,
            request.Ask.MaxSlotLoss),
        new CodexContent(CidText.Of(request.Cid.AsSpan()), request.MerkleRoot),
        request.ExpirySeconds,
        request.Nonce);
}

/// <summary>What it asks for: amounts are digits, all else are numbers.</summary>
internal sealed record CodexAsk(
    ulong Slots,
    ulong SlotSize,
    ulong Duration,
    UInt256 ProofProbability,
    UInt256 PricePerBytePerSecond,
    UInt256 CollateralPerByte,
    ulong MaxSlotLoss);

/// <summary>What is stored.</summary>
internal sealed record CodexContent(string Cid, Bytes32 MerkleRoot);
