using System.Collections;
using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace CodexSales.Rx.Hosting.Settings;

/// <summary>
/// Reads a section of the configuration into options, and keeps every fault of it: the binder of .NET ends at the first value that it
/// can't read, and skips keys that it doesn't know.
/// </summary>
internal static class SettingsReader
{
    private const int FarthestHint = 3;

    // Read by other packages, into options of their own.
    private static readonly string[] _partsOfOthers = ["Web"];

    private static readonly ConditionalWeakTable<object, List<Fault>> _faults = [];
    private static readonly ConditionalWeakTable<object, string> _keys = [];

    /// <summary>Reads into options that hold their defaults; the validator asks for the faults.</summary>
    public static void Read(IConfiguration section, CodexSalesOptions options)
    {
        var faults = _faults.GetOrCreateValue(options);
        if (section is IConfigurationSection named && !named.Exists())
        {
            faults.Add(new Fault(
                named.Path, $"{named.Path}: there is no such section in the configuration, but the options of the host are expected there."));
        }

        _keys.AddOrUpdate(options, (section as IConfigurationSection)?.Path ?? "");
        ReadInto(
            [options, options.Pipeline],
            section.GetChildren().Where(child => !_partsOfOthers.Contains(child.Key, StringComparer.OrdinalIgnoreCase)),
            faults);
    }

    /// <summary>Reads one part of the section, where it is there, into options of another package.</summary>
    public static void ReadPart(IConfiguration section, string part, object options) =>
        ReadInto([options], section.GetSection(part).GetChildren(), _faults.GetOrCreateValue(options));

    /// <summary>What stands in the section for other packages, by whole keys: read once, at the start.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> ReadOthers(IConfiguration section) =>
        [.. _partsOfOthers.SelectMany(part => section.GetSection(part).AsEnumerable())];

    /// <summary>What could not be read into these options.</summary>
    public static IReadOnlyList<Fault> FaultsOf(object options) => _faults.TryGetValue(options, out var faults) ? faults : [];

    /// <summary>The whole key of a value below these options.</summary>
    public static string KeyOf(CodexSalesOptions options, string name) =>
        _keys.TryGetValue(options, out var root) && root.Length > 0 ? ConfigurationPath.Combine(root, name) : name;

    /// <summary>The whole key of an availability, which may have a name in place of a number; by its number where it was not read.</summary>
    public static string KeyOf(CodexSalesOptions options, AvailabilityOptions availability) => _keys.TryGetValue(availability, out var key)
        ? key
        : KeyOf(options, $"{nameof(options.Availabilities)}:{options.Availabilities.IndexOf(availability)}");

    private static void ReadInto(object[] targets, IEnumerable<IConfigurationSection> children, List<Fault> faults)
    {
        var known = targets
            .SelectMany(target => target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.GetIndexParameters().Length == 0 && !targets.Contains(property.GetValue(target)))
                .Select(property => (Target: target, Property: property)))
            .ToDictionary(pair => pair.Property.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var child in children)
        {
            if (!known.TryGetValue(child.Key, out var found))
            {
                faults.Add(new Fault(child.Path, $"{child.Path}: there is no such option{Hint(child.Key, known.Keys)}."));
            }
            else if (found.Property.GetValue(found.Target) is IList { IsReadOnly: false } list)
            {
                ReadList(list, found.Property.PropertyType.GetGenericArguments()[0], child, faults);
            }
            else if (IsText(found.Property.PropertyType))
            {
                if (ReadValue(found.Property.PropertyType, child, () => OptionRange.Of(found.Target.GetType(), found.Property), faults) is { } value)
                {
                    found.Property.SetValue(found.Target, value);
                }
            }
            else if (child.Value is { Length: > 0 })
            {
                faults.Add(new Fault(child.Path, $"{child.Path}: '{child.Value}' is given, but a section is expected."));
            }
            else
            {
                ReadInto([found.Property.GetValue(found.Target)!], child.GetChildren(), faults);
            }
        }
    }

    private static void ReadList(IList list, Type type, IConfigurationSection section, List<Fault> faults)
    {
        if (section.Value is { Length: > 0 })
        {
            faults.Add(new Fault(section.Path, $"{section.Path}: '{section.Value}' is given, but a list is expected."));
        }

        foreach (var child in section.GetChildren())
        {
            var item = IsText(type) ? ReadValue(type, child, () => null, faults) : Activator.CreateInstance(type)!;
            if (item is not null)
            {
                if (!IsText(type))
                {
                    _keys.AddOrUpdate(item, child.Path);
                    ReadInto([item], child.GetChildren(), faults);
                }

                list.Add(item);
            }
        }
    }

    private static object? ReadValue(Type type, IConfigurationSection given, Func<string?> range, List<Fault> faults)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (given.GetChildren().Any())
        {
            return Unreadable("more than one value");
        }

        if (string.IsNullOrEmpty(given.Value) && (plain != type || !type.IsValueType))
        {
            return null;
        }

        // .NET reads a plain number as days.
        if (plain == typeof(TimeSpan) && given.Value?.Contains(':', StringComparison.Ordinal) is not true)
        {
            return Unreadable($"'{given.Value}'");
        }

        try
        {
            return TypeDescriptor.GetConverter(plain).ConvertFromInvariantString(given.Value ?? "");
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or OverflowException or NotSupportedException)
        {
            return Unreadable($"'{given.Value}'");
        }

        object? Unreadable(string what)
        {
            faults.Add(new Fault(
                given.Path, $"{given.Path}: {what} is given, but {Name(plain)} is expected{(range() is { } allowed ? $": {allowed}" : "")}."));
            return null;
        }
    }

    private static bool IsText(Type type) =>
        TypeDescriptor.GetConverter(Nullable.GetUnderlyingType(type) ?? type).CanConvertFrom(typeof(string));

    private static string Name(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => "a time such as 00:01:30 (days.hours:minutes:seconds)",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(Address) => "an address such as 0x… of 40 hexadecimal digits",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(int) || type == typeof(ulong) || type == typeof(UInt256) => "a whole number",
        _ when type == typeof(UnixSeconds) => "a time in Unix seconds",
        _ => $"a value of {type.Name}",
    };

    private static string Hint(string given, IEnumerable<string> known) =>
        known.MinBy(name => Distance(given, name)) is { } nearest && Distance(given, nearest) <= FarthestHint
            ? $"; {nearest} is the nearest one"
            : "";

    // How many letters are to be put in, left out or replaced.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        foreach (var letter in left)
        {
            var diagonal = row[0]++;
            for (var i = 1; i < row.Length; i++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(letter) == char.ToUpperInvariant(right[i - 1]) ? 0 : 1);
                diagonal = row[i];
                row[i] = Math.Min(replaced, Math.Min(row[i], row[i - 1]) + 1);
            }
        }

        return row[^1];
    }
}
