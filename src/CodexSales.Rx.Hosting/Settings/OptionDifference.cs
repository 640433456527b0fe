using System.Collections;
using System.Reflection;

namespace CodexSales.Rx.Hosting.Settings;

/// <summary>Which options were changed, by their keys below the section. Values are told nowhere: some are secrets.</summary>
internal static class OptionDifference
{
    // What is remembered is in the file where it was when the app started.
    private const string AlertFile = $"{nameof(CodexSalesOptions.Alerts)}:{nameof(AlertSettings.File)}";

    private static readonly string[] _live =
    [
        nameof(SalesPipelineOptions.Workers), nameof(SalesPipelineOptions.QueueCapacity), nameof(CodexSalesOptions.Availabilities),
        nameof(CodexSalesOptions.StopWithin), nameof(CodexSalesOptions.FirstRestartDelay), nameof(CodexSalesOptions.LongestRestartDelay),
        nameof(CodexSalesOptions.Alerts),
    ];

    /// <summary>Whether a change of what has this key is taken while it runs.</summary>
    public static bool IsLive(string key) => key != AlertFile && _live.Contains(key.Split(':')[0]);

    /// <summary>What differs. A list is told as a whole.</summary>
    public static IEnumerable<string> Between(CodexSalesOptions before, CodexSalesOptions now) => Between(before, now, "");

    private static IEnumerable<string> Between(object before, object now, string prefix) => before.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0)
        .SelectMany(property => Between(property, property.GetValue(before), property.GetValue(now), prefix));

    private static IEnumerable<string> Between(PropertyInfo property, object? before, object? now, string prefix)
    {
        // The options of the pipeline stand beside those of the host.
        var below = property.PropertyType == typeof(SalesPipelineOptions) ? prefix : $"{prefix}{property.Name}:";
        return Equals(before, now) ? []
            : before is IList left && now is IList right ? AreSame(left, right) ? [] : [prefix + property.Name]
            : before is not null && now is not null && IsSection(property.PropertyType) ? Between(before, now, below)
            : [prefix + property.Name];
    }

    private static bool AreSame(IList left, IList right) => left.Count == right.Count
        && Enumerable.Range(0, left.Count).All(place => Equals(left[place], right[place])
            || (left[place] is { } before && right[place] is { } now && IsSection(before.GetType()) && !Between(before, now, "").Any()));

    private static bool IsSection(Type type) => type.IsClass && type != typeof(string);
}
