using CodexSales.Rx.Web.Offers;
using CodexSales.Rx.Web.Page.Text;

namespace CodexSales.Rx.Web.Page.Space;

/// <summary>An availability as an operator writes it, in tokens, TiB and days; and what is wrong with that, field by field.</summary>
internal sealed class OfferForm
{
    private readonly Availability? _before;
    private readonly Texts _textsBefore;

    private OfferForm(Availability? before, Texts texts) => (_before, _textsBefore, Now) = (before, texts, texts);

    /// <summary>What stands in the fields.</summary>
    public Texts Now { get; set; }

    /// <summary>Whether it changes one that is there.</summary>
    public bool IsChange => _before is not null;

    public static OfferForm Empty() => new(null, new Texts("", "1", "TiB", "30", "", "", "", IsDisabled: false));

    public static OfferForm Of(Availability offer)
    {
        var unit = offer.TotalBytes % Units.TiB == 0 ? "TiB" : "GiB";
        return new(offer, new Texts(
            $"{offer.Id}",
            Units.Plain(offer.TotalBytes, BytesOf(unit)),
            unit,
            Units.Plain(offer.MaxDurationSeconds, Units.SecondsPerDay),
            Units.PlainPrice(offer.MinPricePerBytePerSecond),
            Units.PlainTokens(offer.TotalCollateral),
            offer.Until is { } until && until.Value <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? DateTimeOffset.FromUnixTimeSeconds((long)until.Value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                : "",
            offer.IsDisabled));
    }

    /// <summary>The availability that the fields say, and nothing wrong; or null, and one sentence for each field that is wrong.</summary>
    public Availability? Read(out IReadOnlyDictionary<string, string> wrong)
    {
        var faults = new Dictionary<string, string>();
        wrong = faults;
        var offer = new Availability
        {
            Id = _before?.Id ?? ReadName(faults),
            TotalBytes = Unless(Now.Space == _textsBefore.Space && Now.SpaceUnit == _textsBefore.SpaceUnit, before => before.TotalBytes)
                ?? ReadWhole(faults, nameof(Texts.Space), "Space", Now.Space, BytesOf(Now.SpaceUnit), $"a number of {Now.SpaceUnit} above 0, such as 2 or 0.5"),
            MaxDurationSeconds = Unless(Now.Days == _textsBefore.Days, before => before.MaxDurationSeconds)
                ?? ReadWhole(faults, nameof(Texts.Days), "Longest duration", Now.Days, Units.SecondsPerDay, "a number of days above 0, such as 30 or 0.5"),
            MinPricePerBytePerSecond = Unless(Now.Price == _textsBefore.Price, before => before.MinPricePerBytePerSecond) ?? ReadPrice(faults),
            TotalCollateral = Unless(Now.Collateral == _textsBefore.Collateral, before => before.TotalCollateral) ?? ReadCollateral(faults),
            IsDisabled = Now.IsDisabled,
            Until = Now.Until == _textsBefore.Until ? _before?.Until : ReadUntil(faults),
        };
        return faults.Count == 0 ? offer : null;
    }

    /// <summary>The one that is there by now, with what was edited: what others changed since the form was opened stays.</summary>
    /// <param name="edited">What the form was read as.</param>
    /// <param name="now">What is there.</param>
    public Availability Change(Availability edited, Availability now) => now with
    {
        TotalBytes = Edited(edited, now, offer => offer.TotalBytes),
        MaxDurationSeconds = Edited(edited, now, offer => offer.MaxDurationSeconds),
        MinPricePerBytePerSecond = Edited(edited, now, offer => offer.MinPricePerBytePerSecond),
        TotalCollateral = Edited(edited, now, offer => offer.TotalCollateral),
        IsDisabled = Edited(edited, now, offer => offer.IsDisabled),
        Until = Edited(edited, now, offer => offer.Until),
    };

    private T Edited<T>(Availability edited, Availability now, Func<Availability, T> field) =>
        field(Equals(field(edited), field(_before!)) ? now : edited);

    private static ulong BytesOf(string unit) => unit == "TiB" ? Units.TiB : Units.GiB;

    // A field that was not touched stays what it is, also where its text is not exact.
    private T? Unless<T>(bool isUntouched, Func<Availability, T> value)
        where T : struct => _before is not null && isUntouched ? value(_before) : null;

    private AvailabilityId ReadName(Dictionary<string, string> faults)
    {
        if (!OfferName.TryRead(Now.Name.Trim(), out var id))
        {
            faults[nameof(Texts.Name)] = Now.Name.Trim().Length == 0
                ? "Name: a name is expected, such as disk-1."
                : $"Name: {Words.Quote(Now.Name)} is given, but {OfferName.Expected} is expected.";
        }

        return id;
    }

    private UInt256 ReadPrice(Dictionary<string, string> faults)
    {
        if (!Units.TryParsePrice(Now.Price, out var price))
        {
            faults[nameof(Texts.Price)] = $"Lowest price: {Words.Quote(Now.Price)} is no number of tokens for a TiB and month; one such as 2.85 or 0 is expected.";
        }

        return price;
    }

    private UInt256 ReadCollateral(Dictionary<string, string> faults)
    {
        if (!Units.TryParseTokens(Now.Collateral, out var collateral) || collateral == UInt256.Zero)
        {
            faults[nameof(Texts.Collateral)] = $"Collateral: {Words.Quote(Now.Collateral)} is no number of tokens above 0; one such as 10 or 0.25 is expected.";
        }

        return collateral;
    }

    private UnixSeconds? ReadUntil(Dictionary<string, string> faults)
    {
        if (Now.Until.Trim().Length == 0)
        {
            return null;
        }

        if (DateTimeOffset.TryParseExact(
            Now.Until.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day))
        {
            return UnixSeconds.From(day);
        }

        faults[nameof(Texts.Until)] = $"Last day: {Words.Quote(Now.Until)} is no day; one such as 2027-01-31, or nothing, is expected.";
        return null;
    }

    private static ulong ReadWhole(Dictionary<string, string> faults, string field, string label, string text, ulong unit, string expected)
    {
        if (!Units.TryParseWhole(text, unit, out var whole) || whole == 0)
        {
            faults[field] = $"{label}: {Words.Quote(text)} is not what is expected: {expected}.";
        }

        return whole;
    }

    /// <summary>The fields, as they are written.</summary>
    internal sealed record Texts(string Name, string Space, string SpaceUnit, string Days, string Price, string Collateral, string Until, bool IsDisabled)
    {
        public static Texts Of(IReadOnlyDictionary<string, string> values) => new(
            values[nameof(Name)], values[nameof(Space)], values[nameof(SpaceUnit)], values[nameof(Days)], values[nameof(Price)],
            values[nameof(Collateral)], values[nameof(Until)], values[nameof(IsDisabled)] == bool.TrueString);

        public IReadOnlyDictionary<string, string> ToValues() => new Dictionary<string, string>
        {
            [nameof(Name)] = Name, [nameof(Space)] = Space, [nameof(SpaceUnit)] = SpaceUnit, [nameof(Days)] = Days, [nameof(Price)] = Price,
            [nameof(Collateral)] = Collateral, [nameof(Until)] = Until, [nameof(IsDisabled)] = $"{IsDisabled}",
        };
    }
}
