using CodexSales.Rx.Hosting;

namespace CodexSales.Rx.Web.Page.Text;

/// <summary>The pipeline's reasons and states in plain words, and texts of fields as they are told.</summary>
internal static class Words
{
    /// <summary>The text of a field, for a sentence on what is wrong with it.</summary>
    public static string Quote(string text) => text.Trim().Length == 0 ? "nothing" : $"'{(text.Length > 40 ? $"{text[..40]}…" : text)}'";

    public static string Of(SaleStateName state) => state switch
    {
        SaleStateName.SaleUnknown => "Resuming",
        SaleStateName.SaleSlotReserving => "Reserving",
        SaleStateName.SaleInitialProving => "First proof",
        SaleStateName.SaleProving => "Hosting",
        SaleStateName.SalePayout => "Being paid",
        var other => Of(other.ToString()["Sale".Length..]),
    };

    public static string Of(Enum reason) => Of(reason.ToString());

    public static string Of(QueueCause cause) => cause switch
    {
        QueueCause.Requested => "New request",
        QueueCause.Freed => "Freed by its host",
        QueueCause.Filled => "Filled by another",
        QueueCause.Taken => "Taken by a worker",
        QueueCause.Ignored => "Given back",
        QueueCause.Evicted => "Better ones came",
        QueueCause.Paused => "Request paused",
        QueueCause.Reverted => "Block replaced",
        var other => Of(other.ToString()),
    };

    /// <summary>The sentence of health in two: what it does, and the figures.</summary>
    public static (string Headline, string Figures) Halves(SalesHostHealth health)
    {
        var cut = health.Problem is null ? health.Sentence.LastIndexOf(" Queued: ", StringComparison.Ordinal) : -1;
        return cut < 0 ? (health.Sentence, "") : (health.Sentence[..cut], health.Sentence[(cut + 1)..]);
    }

    /// <summary>"PriceTooLow" as "Price too low".</summary>
    private static string Of(string name) => string.Concat(name.Select((letter, place) =>
        char.IsUpper(letter) && place > 0 ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
}
