using System.Diagnostics;
using System.Text;

namespace CodexSales.Rx.Tests.Selling;

/// <summary>What follows from what in a sale, for people.</summary>
internal static class TransitionTable
{
    public static SaleState? Try(SaleState state, SaleEvent happened)
    {
        try
        {
            return SaleMachine.Step(state, happened);
        }
        catch (UnreachableException)
        {
            return null;
        }
    }

    public static string Of(IReadOnlyList<SaleState> states, IReadOnlyList<SaleEvent> events)
    {
        var table = new StringBuilder()
            .AppendLine("# Transitions of a sale")
            .AppendLine()
            .AppendLine("Generated from `SaleMachine`; a test compares. An event that is not listed for a state can't happen there: the machine")
            .AppendLine("throws, and that ends the pipeline.")
            .AppendLine()
            .AppendLine("| state | event | next |")
            .AppendLine("| --- | --- | --- |");
        foreach (var state in states)
        {
            foreach (var happened in events)
            {
                if (Try(state, happened) is { } next)
                {
                    table.AppendLine($"| {Describe(state)} | {Describe(happened)} | {Describe(state, next)} |");
                }
            }
        }

        return table.ToString();
    }

    private static string Describe(SaleState state) => state switch
    {
        SaleUnknown { Stored: { } stored } => stored.End is null
            ? $"{state.Name}, left in {stored.State}"
            : $"{state.Name}, ended as {stored.State}",
        SaleSlotReserving { IsAgain: true } => $"{state.Name}, again",
        SaleSettling => "an end that settles",
        SaleWithStake { Stake.WasMine: false } => $"{state.Name}, perhaps not mine",
        _ => state.Name.ToString(),
    };

    private static string Describe(SaleEvent happened) => happened switch
    {
        SlotSeen seen => $"SlotSeen {seen.View.State}, {(seen.IsMine ? "mine" : "not mine")}"
            + (seen.View.State, seen.View.RequestState) switch
            {
                (SlotState.Free, RequestState.Cancelled) => ", request cancelled",
                (SlotState.Free, null) => ", request unknown",
                _ => "",
            },
        FillRefused refused => $"FillRefused {refused.Refusal}",
        SlotGivenUp given => given.Payout is null ? "SlotGivenUp, and nothing was paid" : "SlotGivenUp",
        _ => happened.GetType().Name,
    };

    private static string Describe(SaleState state, SaleState next) =>
        next is SaleEnded end ? $"end: {end.Name}, {end.Reason}{Describe(end.Again)}"
        : next is SaleSettling settling
            ? state is SaleSettling ? "stays" : $"settles: {next.Name}, {settling.End.Reason}{Describe(settling.End.Again)}"
        : next.GetType() == state.GetType() ? "stays"
        : next.Name.ToString();

    private static string Describe(RequeuePolicy again) => again switch
    {
        RequeuePolicy.WhenAvailabilityWidens => ", again when an availability widens",
        RequeuePolicy.AfterPause => ", again after a pause",
        _ => "",
    };
}
