namespace CodexSales.Rx.Tests.Cases;

/// <summary>What no port should do, by names.</summary>
internal static class Misbehaviour
{
    public const string Words = "The port's own words.";

    /// <summary>What a call that gives a task may do instead.</summary>
    public static TheoryData<string> OfCalls { get; } =
        ["throws at once", "throws a time-out at once", "fails with a time-out", "gives up by itself", "gives no task", "answers null"];

    /// <summary>What a download may do instead.</summary>
    public static TheoryData<string> OfStores { get; } =
    [
        "throws a time-out at once", "fails with a time-out", "gives up by itself", "gives no task",
        "completes without a value", "completes half way", "goes beyond the slot",
    ];

    public static string WordsOf(string how) => how switch
    {
        "gives no task" or "answers null" => "null",
        "completes without a value" or "completes half way" or "goes beyond the slot" => $" of {Size} bytes",
        _ => Words,
    };

    public static Task<T> Answer<T>(string how)
        where T : class => how switch
    {
        "throws at once" => throw new InvalidOperationException(Words),
        "throws a time-out at once" => throw new TimeoutException(Words),
        "fails with a time-out" => Task.FromException<T>(new TimeoutException(Words)),
        "gives up by itself" => GiveUpAsync<T>(),
        "gives no task" => null!,
        "answers null" => Task.FromResult<T>(null!),
        _ => throw new ArgumentOutOfRangeException(nameof(how), how, "Nothing does so."),
    };

    public static IObservable<ulong> Store(string how, ulong size) => how switch
    {
        "throws a time-out at once" => throw new TimeoutException(Words),
        "fails with a time-out" => Observable.Throw<ulong>(new TimeoutException(Words)),
        "gives up by itself" => Observable.Throw<ulong>(new OperationCanceledException(Words)),
        "gives no task" => null!,
        "completes without a value" => Observable.Empty<ulong>(),
        "completes half way" => Observable.Return(size / 2),
        "goes beyond the slot" => Observable.Return(size + 1),
        _ => throw new ArgumentOutOfRangeException(nameof(how), how, "Nothing does so."),
    };

    private const ulong Size = 1UL << 30;

    private static async Task<T> GiveUpAsync<T>()
    {
        await Task.CompletedTask;
        throw new OperationCanceledException(Words);
    }
}

/// <summary>A market of which a test says what some calls do.</summary>
internal sealed class MisbehavingMarket(IMarket market) : DelegatingMarket(market)
{
    public Func<Task<SlotOffer>>? Offer { get; set; }

    public Func<Func<Task<TransactionOutcome>>, Task<TransactionOutcome>> Reserve { get; set; } = real => real();

    public Func<Func<Task<TransactionOutcome>>, Task<TransactionOutcome>> Fill { get; set; } = real => real();

    public Func<Func<Task<TransactionOutcome>>, Task<TransactionOutcome>> Submit { get; set; } = real => real();

    public override Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        Offer is { } misbehave ? misbehave() : base.GetOfferAsync(slot, asOf, cancellation);

    public override Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        Reserve(() => base.ReserveSlotAsync(slot, cancellation));

    public override Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        Fill(() => base.FillSlotAsync(slot, proof, collateral, cancellation));

    public override Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellation) =>
        Submit(() => base.SubmitProofAsync(slot, period, proof, cancellation));
}
