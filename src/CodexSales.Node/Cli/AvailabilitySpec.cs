using System.Diagnostics.CodeAnalysis;

namespace CodexSales.Node.Cli;

/// <summary>Reads an availability from the command line: "size=8GiB,duration=30d,price=1,collateral=1000000".</summary>
internal sealed class AvailabilitySpec
{
    private const string Option = AvailabilityOption.Name;

    private const string NoEnd = "none";

    private static readonly string[] _known = ["size", "duration", "price", "collateral", "until", "enabled", "id"];

    private static readonly (string Unit, ulong Factor)[] _sizeUnits =
        [("", 1), ("B", 1), ("KiB", 1UL << 10), ("MiB", 1UL << 20), ("GiB", 1UL << 30), ("TiB", 1UL << 40)];

    private static readonly (string Unit, ulong Factor)[] _durationUnits =
        [("", 1), ("s", 1), ("m", 60), ("h", 60 * 60), ("d", 24 * 60 * 60)];

    private readonly Dictionary<string, string> _values = [];
    private string? _error;

    /// <param name="position">The place among the options, from 1, which names one without an id; 0 to leave it without a name.</param>
    /// <param name="needsId">Whether it must have an id, since a position may be another one's tomorrow.</param>
    /// <param name="error">One sentence that names the option, the wrong text and what was expected, or null.</param>
    public static bool TryParse(
        string text,
        int position,
        bool needsId,
        [NotNullWhen(true)] out Availability? availability,
        [NotNullWhen(false)] out string? error)
    {
        availability = null;
        if (!TryParseChange(text, out var offer, out error))
        {
            return false;
        }

        error = offer.FindMissing()
            ?? (needsId && offer.Id == default
                ? $"{Option}: '{text}' is given, but id is expected in it, too, as in each where there is more than one."
                : null);
        if (error is null)
        {
            availability = offer.ToAvailability() with { Id = offer.Id == default ? IdAt(position) : offer.Id };
        }

        return availability is not null;
    }

    /// <summary>The same, where nothing is needed.</summary>
    public static bool TryParseChange(string text, [NotNullWhen(true)] out OfferChange? change, [NotNullWhen(false)] out string? error)
    {
        var spec = new AvailabilitySpec();
        change = spec.TrySplit(text) ? spec.Read(text) : null;
        error = spec._error;
        change = error is null ? change : null;
        return change is not null;
    }

    /// <summary>The bytes of a size with a unit or without; null when it is none.</summary>
    public static ulong? TryReadSize(string text)
    {
        var spec = new AvailabilitySpec { _values = { ["size"] = text } };
        var bytes = spec.ReadMeasure("size", _sizeUnits, "bytes");
        return spec._error is null ? bytes : null;
    }

    private bool TrySplit(string text)
    {
        foreach (var part in text.Split(','))
        {
            if (part.Split('=', 2) is not [var key, var value] || !_known.Contains(key))
            {
                var keys = string.Join(", ", _known);
                _error = $"{Option}: '{part}' is given, but KEY=VALUE is expected with a key out of {keys}.";
                return false;
            }

            if (!_values.TryAdd(key, value))
            {
                var first = _values[key];
                _error = $"{Option}: '{part}' is given, but {key} is expected only once and is '{first}' already.";
                return false;
            }
        }

        return true;
    }

    private OfferChange Read(string text) => new()
    {
        Text = text,
        TotalBytes = Has("size") ? ReadMeasure("size", _sizeUnits, "bytes") : null,
        MaxDurationSeconds = Has("duration") ? ReadMeasure("duration", _durationUnits, "seconds") : null,
        MinPricePerBytePerSecond = Has("price") ? ReadAmount("price") : null,
        TotalCollateral = Has("collateral") ? ReadAmount("collateral") : null,
        ChangesUntil = Has("until"),
        Until = Has("until") ? ReadUntil() : null,
        IsEnabled = Has("enabled") ? ReadEnabled() : null,
        Id = Has("id") ? ReadId() : default,
    };

    private bool Has(string key) => _values.ContainsKey(key);

    private ulong ReadMeasure(string key, (string Unit, ulong Factor)[] units, string unit)
    {
        var value = _values[key].AsSpan();
        var digits = value.Length - value.TrimStart("0123456789").Length;
        var suffix = value[digits..].ToString();
        var found = Array.FindIndex(units, candidate => candidate.Unit == suffix);
        if (digits == 0 || found < 0)
        {
            var names = string.Join(", ", units.Skip(1).Select(candidate => candidate.Unit));
            Expect(key, $"a whole number of {unit}, or one with a unit out of {names}, is expected.");
            return 0;
        }

        if (!ulong.TryParse(value[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > ulong.MaxValue / units[found].Factor)
        {
            Expect(key, $"at most {ulong.MaxValue} {unit} are expected.");
            return 0;
        }

        return number * units[found].Factor;
    }

    private UInt256 ReadAmount(string key)
    {
        if (!UInt256.TryParse(_values[key], out var amount))
        {
            Expect(key, "a whole number from 0 to 2^256 - 1 is expected.");
        }

        return amount;
    }

    private UnixSeconds? ReadUntil()
    {
        if (_values["until"] == NoEnd)
        {
            return null;
        }

        if (!ulong.TryParse(_values["until"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            Expect("until", $"a whole number of Unix seconds from 0 to 2^64 - 1, or {NoEnd}, is expected.");
        }

        return new UnixSeconds(seconds);
    }

    private bool ReadEnabled()
    {
        if (_values["enabled"] is not ("true" or "false"))
        {
            Expect("enabled", "true or false is expected.");
        }

        return _values["enabled"] == "true";
    }

    private AvailabilityId ReadId()
    {
        if (!AvailabilityId.TryParse(_values["id"], out var id))
        {
            Expect("id", "a name of 1 to 100 characters is expected.");
        }

        return id;
    }

    private static AvailabilityId IdAt(int position) =>
        position == 0 ? default : new AvailabilityId(string.Create(CultureInfo.InvariantCulture, $"v{position}"));

    // The first wrong value is the one that is told.
    private void Expect(string key, string expectation) =>
        _error ??= $"{Option}: {key} is '{_values[key]}', but {expectation}";
}
