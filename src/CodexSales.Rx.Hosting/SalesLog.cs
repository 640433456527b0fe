using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Transactions;
using Microsoft.Extensions.Logging;

namespace CodexSales.Rx.Hosting;

/// <summary>
/// All that a host tells its log. Event ids stay what they are: 1 to 19 the life of the host, 20 to 39 sales, 40 to 59 the chain.
/// Debug is about each slot, information about what the provider sells and earns, warnings about lost money and what is tried again,
/// errors about what somebody must act on.
/// </summary>
internal static partial class SalesLog
{
    public const string Category = "CodexSales.Rx";

    [LoggerMessage(1, LogLevel.Information, "Selling: {Sentence}")]
    public static partial void Started(ILogger logger, string sentence);

    [LoggerMessage(2, LogLevel.Warning, "The pipeline has ended with an error that may pass; another one takes its place in {Delay}.")]
    public static partial void Restarting(ILogger logger, Exception error, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Critical, "Nothing is sold any more, and somebody must act: {Reason}")]
    public static partial void GivenUp(ILogger logger, string reason, Exception error);

    [LoggerMessage(4, LogLevel.Information, "Stopped. Sales under way, which the next run takes up: {Sales}.")]
    public static partial void Stopped(ILogger logger, int sales);

    [LoggerMessage(5, LogLevel.Warning, "{Failure}")]
    public static partial void CutOff(ILogger logger, string failure);

    [LoggerMessage(6, LogLevel.Error, "Changed options are not taken: {Faults}")]
    public static partial void OptionsRefused(ILogger logger, string faults);

    [LoggerMessage(7, LogLevel.Information, "Changed options are taken: {Workers} workers, a queue of {QueueCapacity}.")]
    public static partial void OptionsChanged(ILogger logger, int workers, int queueCapacity);

    [LoggerMessage(8, LogLevel.Error, "An availability of the options is not taken: {Detail}")]
    public static partial void AvailabilityRefused(ILogger logger, string detail);

    [LoggerMessage(9, LogLevel.Information, "Stopped before anything was sold.")]
    public static partial void NotStarted(ILogger logger);

    [LoggerMessage(EventId = 10, Message = "{Sentence}")]
    public static partial void Health(ILogger logger, LogLevel level, string sentence);

    [LoggerMessage(11, LogLevel.Information, "Nothing new begins. Hosted slots are proved on, and what is on its way to the chain or the store is waited for, {Seconds} s at most.")]
    public static partial void Stopping(ILogger logger, double seconds);

    [LoggerMessage(12, LogLevel.Warning, "{Transaction} is in no block yet.")]
    public static partial void Unsettled(ILogger logger, TransactionPurpose transaction);

    [LoggerMessage(EventId = 13, Message = "{Sentence}")]
    public static partial void Disk(ILogger logger, LogLevel level, string sentence);

    [LoggerMessage(14, LogLevel.Warning, "{Count} processes that hooks of the run before had left are ended.")]
    public static partial void OrphansAreEnded(ILogger logger, int count);

    [LoggerMessage(15, LogLevel.Warning, "{Fault} Sales are under way, so that they go on all the same.")]
    public static partial void HookFails(ILogger logger, string fault);

    [LoggerMessage(16, LogLevel.Warning, "Options are changed that wait for the next start: {Keys}.")]
    public static partial void OptionsWait(ILogger logger, string keys);

    [LoggerMessage(17, LogLevel.Warning, "Availabilities that are gone from the options stay for sale until they are drained or removed: {Ids}.")]
    public static partial void AvailabilitiesStay(ILogger logger, string ids);

    /// <summary>The outcome of a race for a slot is about that slot; income and losses are about the provider.</summary>
    public static void Tell(ILogger logger, EndedSale sale)
    {
        var (step, end) = (sale.Step, sale.Step.End!);
        var level = end.CollateralLost > UInt256.Zero || step.State is SaleStateName.SaleErrored ? LogLevel.Warning
            : end.Earned > UInt256.Zero ? LogLevel.Information
            : LogLevel.Debug;
        Ended(
            logger, level, step.Sale.Slot.SlotIndex, step.Sale.Slot.RequestId, end.Reason, end.Earned, end.CollateralLost, sale.SpentWei, end.Detail);
    }

    [LoggerMessage(20, LogLevel.Debug, "Slot {Slot} of request {RequestId}: {State}.")]
    public static partial void Step(ILogger logger, ulong slot, RequestId requestId, SaleStateName state);

    [LoggerMessage(21, LogLevel.Information, "Slot {Slot} of request {RequestId} is hosted.")]
    public static partial void Hosted(ILogger logger, ulong slot, RequestId requestId);

    [LoggerMessage(22, LogLevel.Warning, "Slot {Slot} of request {RequestId} missed proofs: {Missed} in all.")]
    public static partial void ProofMissed(ILogger logger, ulong slot, RequestId requestId, int missed);

    [LoggerMessage(EventId = 23, Message = "Slot {Slot} of request {RequestId} is over: {Reason}. Earned: {Earned}, collateral lost: {Lost}, wei spent: {Spent}. {Detail}")]
    public static partial void Ended(
        ILogger logger, LogLevel level, ulong slot, RequestId requestId, SaleReason reason, UInt256 earned, UInt256 lost, UInt256 spent, string detail);

    [LoggerMessage(25, LogLevel.Debug, "Slot {Slot} of request {RequestId} is not for sale: {Reason}. {Detail}")]
    public static partial void Refused(ILogger logger, ulong? slot, RequestId requestId, RefusalReason reason, string detail);

    [LoggerMessage(26, LogLevel.Warning, "Something failed and is tried again.")]
    public static partial void Trouble(ILogger logger, Exception error);

    [LoggerMessage(27, LogLevel.Information, "Slot {Slot} of request {RequestId} goes on after a restart: {State}.")]
    public static partial void Recovered(ILogger logger, ulong slot, RequestId requestId, SaleStateName state);

    [LoggerMessage(40, LogLevel.Warning, "{Problem}. It is asked again every {Seconds} s.")]
    public static partial void ChainIsUnavailable(ILogger logger, string problem, double seconds);

    [LoggerMessage(41, LogLevel.Warning, "{Shortage}")]
    public static partial void AccountIsShort(ILogger logger, string shortage);

    [LoggerMessage(42, LogLevel.Debug, "Transaction: {Notice}")]
    public static partial void Transaction(ILogger logger, TransactionNotice notice);

    [LoggerMessage(43, LogLevel.Information, "{Account} sells on {Marketplace} at {Nodes}.{Mode}")]
    public static partial void Opening(ILogger logger, Address account, Address marketplace, string nodes, string mode);

    [LoggerMessage(44, LogLevel.Information, "Chain {Chain}: requests of the last {Days:0.#} days are read.")]
    public static partial void ChainIsFound(ILogger logger, ulong chain, double days);

    [LoggerMessage(45, LogLevel.Warning, "{Notice}")]
    public static partial void AboutNodes(ILogger logger, string notice);

    [LoggerMessage(46, LogLevel.Warning, "{Risk}")]
    public static partial void SignerIsAtRisk(ILogger logger, string risk);
}
