using System.Reflection;

namespace CodexSales.Rx.Hosting.Settings;

/// <summary>The range of an option as the check of its options tells it, of a value that is outside.</summary>
internal static class OptionRange
{
    private static readonly object[] _outside =
    [
        int.MinValue, int.MaxValue, ulong.MinValue, ulong.MaxValue, double.NegativeInfinity, double.PositiveInfinity,
        TimeSpan.MinValue, TimeSpan.MaxValue, UInt256.MaxValue, UInt256.Zero, default(Address), "",
    ];

    /// <summary>Such as "0 to 1000"; null where any value will do.</summary>
    public static string? Of(Type options, PropertyInfo option)
    {
        var given = Activator.CreateInstance(options)!;
        if (ErrorOf(given, option) is { } needed)
        {
            return RangeIn(needed);
        }

        var type = Nullable.GetUnderlyingType(option.PropertyType) ?? option.PropertyType;
        foreach (var value in _outside.Where(value => value.GetType() == type))
        {
            option.SetValue(given, value);
            if (ErrorOf(given, option) is { } error)
            {
                return RangeIn(error);
            }
        }

        return null;
    }

    /// <summary>Whether a value is outside of its range.</summary>
    public static bool IsOutside(object options, PropertyInfo option) => ErrorOf(options, option) is not null;

    // Options of other packages are checked elsewhere.
    private static string? ErrorOf(object options, PropertyInfo option)
    {
        var check = options.GetType().GetMethod("FindErrors", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []);
        return ((IEnumerable<string>?)check?.Invoke(options, []))
            ?.FirstOrDefault(error => error.StartsWith($"{option.Name} is ", StringComparison.Ordinal));
    }

    // "Workers is 2000; 0 to 1000 is expected."
    private static string RangeIn(string error) =>
        error[(error.IndexOf("; ", StringComparison.Ordinal) + 2)..].Replace(" is expected.", "", StringComparison.Ordinal);
}
