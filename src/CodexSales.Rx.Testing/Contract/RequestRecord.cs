namespace CodexSales.Rx.Testing.Contract;

/// <summary>The contract's state of a request.</summary>
internal sealed class RequestRecord(RequestId id, StorageRequest request, UnixSeconds expiresAt, UnixSeconds endsAt)
{
    public RequestId Id => id;

    public StorageRequest Request => request;

    public StorageAsk Ask => request.Ask;

    public UnixSeconds ExpiresAt => expiresAt;

    /// <summary>The last second of the request; a failure moves it to the second before.</summary>
    public UnixSeconds EndsAt { get; set; } = endsAt;

    /// <summary>As it was written last. The state now depends on the clock too: <see cref="StateAt"/>.</summary>
    public RequestState Stored { get; set; }

    public ulong SlotsFilled { get; set; }

    /// <summary>See <see cref="ProofDraw.FindEffectiveProbability"/>.</summary>
    public required UInt256? EffectiveProbability { get; init; }

    /// <summary>The part of the price that the client gets back.</summary>
    public UInt256 ClientFunds { get; set; }

    public RequestRecord Copy() => (RequestRecord)MemberwiseClone();

    public RequestState StateAt(UnixSeconds now) => Stored switch
    {
        RequestState.New when now > ExpiresAt => RequestState.Cancelled,
        RequestState.New or RequestState.Started when now > EndsAt => RequestState.Finished,
        _ => Stored,
    };

    /// <summary>The end as the contract tells it at a moment. Source: <c>requestEnd</c>.</summary>
    public UnixSeconds EndAt(UnixSeconds now) => StateAt(now) switch
    {
        RequestState.New or RequestState.Started => EndsAt,
        RequestState.Cancelled => ExpiresAt,
        _ => now < EndsAt ? now : EndsAt,
    };

    /// <summary>A slot's reward for a span. Never over 2^256 − 1: the client paid for all slots.</summary>
    public UInt256 Pay(UnixSeconds from, UnixSeconds until) =>
        Ask.PricePerBytePerSecond * Ask.SlotSizeBytes * until.SecondsSince(from);
}
