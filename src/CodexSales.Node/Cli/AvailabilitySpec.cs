using System.Diagnostics.CodeAnalysis;

namespace CodexSales.Node.Cli;

/// <summary>Reads an availability from the command line: "size=8GiB,duration=30d,price=1,collateral=1000000".</summary>
internal sealed class AvailabilitySpec
{
    private const string Option = "--availability";

    private static readonly string[] _needed = ["size", "duration", "price", "collateral"];
    private static readonly string[] _known = [.. _needed, "until", "enabled", "id"];

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
        var spec = new AvailabilitySpec();
        availability = spec.TrySplit(text) ? spec.Read(position) : null;
        error = spec._error;
        if (error is null && needsId && !spec._values.ContainsKey("id"))
        {
            error = $"{Option}: '{text}' is given, but id is expected in it, too, as in each where there is more than one.";
        }

        availability = error is null ? availability : null;
        return availability is not null;
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

        if (_needed.FirstOrDefault(key => !_values.ContainsKey(key)) is { } missing)
        {
            _error = $"{Option}: '{text}' is given, but {missing} is expected in it, too.";
            return false;
        }

        return true;
    }

    private Availability Read(int position) => new()
    {
        TotalBytes = ReadMeasure("size", _sizeUnits, "bytes"),
        MaxDurationSeconds = ReadMeasure("duration", _durationUnits, "seconds"),
        MinPricePerBytePerSecond = ReadAmount("price"),
        TotalCollateral = ReadAmount("collateral"),
        Until = ReadUntil(),
        IsDisabled = !ReadEnabled(),
        Id = ReadId(position),
    };

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
        if (!_values.TryGetValue("until", out var text))
        {
            return null;
        }

        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            Expect("until", "a whole number of Unix seconds from 0 to 2^64 - 1 is expected.");
        }

        return new UnixSeconds(seconds);
    }

    private bool ReadEnabled()
    {
        var text = _values.GetValueOrDefault("enabled", "true");
        if (text is not ("true" or "false"))
        {
            Expect("enabled", "true or false is expected.");
        }

        return text == "true";
    }

    private AvailabilityId ReadId(int position)
    {
        try
        {
            return _values.TryGetValue("id", out var name) ? new AvailabilityId(name)
                : position == 0 ? default
                : new AvailabilityId(string.Create(CultureInfo.InvariantCulture, $"v{position}"));
        }
        catch (ArgumentException)
        {
            Expect("id", "a name of 1 to 100 characters is expected.");
            return default;
        }
    }

    // The first wrong value is the one that is told.
    private void Expect(string key, string expectation) =>
        _error ??= $"{Option}: {key} is '{_values[key]}', but {expectation}";
}
