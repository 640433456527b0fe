using System.Collections;
using System.Reflection;

namespace CodexSales.Rx.Tests.Queueing;

/// <summary>Looks for what is still remembered when there is nothing left to remember.</summary>
internal static class Leftovers
{
    /// <summary>The first collection of an object, or of an object that it consists of, that is not empty; or null.</summary>
    public static string? Find(IEnumerable<object> owners) => owners.Select(Find).FirstOrDefault(found => found is not null);

    private static string? Find(object owner) => owner.GetType()
        .GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
        .Select(field => (field.Name, Value: field.GetValue(owner)))
        .Select(field => CountOf(field.Value) switch
        {
            > 0 and var count => $"{owner.GetType().Name}.{field.Name} still has {count}",
            null when field.Value is { } part && IsPart(part) => Find(part),
            _ => null,
        })
        .FirstOrDefault(found => found is not null);

    private static int? CountOf(object? value) => value is string ? null
        : value is ICollection collection ? collection.Count
        : value?.GetType().GetProperty("Count") is { PropertyType: var type } count && type == typeof(int)
            ? (int?)count.GetValue(value)
        : null;

    // Objects of ours without a count of their own, one level after the other: down to the collections that they keep.
    private static bool IsPart(object value) =>
        value.GetType() is { IsClass: true, Namespace: { } name } type
        && name.StartsWith("CodexSales.Rx.", StringComparison.Ordinal)
        && !name.EndsWith(".Testing", StringComparison.Ordinal)
        && !typeof(Delegate).IsAssignableFrom(type)
        && type.Name is "SlotsByRequest" or "LostSlots" or "WaitingSlots" or "ConditionIndex`1";
}
