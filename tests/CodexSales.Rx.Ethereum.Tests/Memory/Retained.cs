using System.Collections;
using System.Reflection;

namespace CodexSales.Rx.Ethereum.Tests.Memory;

/// <summary>Counts what can be reached from some objects, by types: objects, and the items of collections.</summary>
internal static class Retained
{
    /// <summary>
    /// How many objects of each type there are, and how many items the collections of each type have. What tests are made of
    /// counts nothing, and neither does what is reached through it alone.
    /// </summary>
    public static SortedDictionary<string, int> By(params IEnumerable<object> roots)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var next = new Stack<object>(roots);
        while (next.TryPop(out var one))
        {
            if (!seen.Add(one))
            {
                continue;
            }

            var type = one.GetType();
            Count(counts, $"{type}", 1);
            if (one is ICollection { Count: var items } and not Array)
            {
                Count(counts, $"items of {type}", items);
            }

            foreach (var part in PartsOf(one, type))
            {
                if (!IsOfTests(part))
                {
                    next.Push(part);
                }
            }
        }

        return counts;
    }

    /// <summary>What differs, a line each: for messages.</summary>
    public static string Compare(IReadOnlyDictionary<string, int> before, IReadOnlyDictionary<string, int> after) =>
        string.Join('\n', before.Keys.Union(after.Keys)
            .Select(type => (Type: type, Before: before.GetValueOrDefault(type), After: after.GetValueOrDefault(type)))
            .Where(one => one.Before != one.After)
            .Select(one => $"{one.Before} -> {one.After}: {one.Type}"));

    private static void Count(SortedDictionary<string, int> counts, string what, int many) =>
        counts[what] = counts.GetValueOrDefault(what) + many;

    private static IEnumerable<object> PartsOf(object one, Type type)
    {
        if (one is Array array)
        {
            return HoldsReferences(type.GetElementType()!) ? array.Cast<object?>().SelectMany(PartsOfValue) : [];
        }

        return FieldsOf(type).SelectMany(field => PartsOfValue(field.GetValue(one)));
    }

    // What lies in a structure is a part of what holds that.
    private static IEnumerable<object> PartsOfValue(object? value) =>
        value is null ? []
        : value.GetType() is var type && type.IsValueType ? HoldsReferences(type) ? PartsOf(value, type) : []
        : [value];

    private static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var of = type; of is not null; of = of.BaseType)
        {
            foreach (var field in of.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (HoldsReferences(field.FieldType))
                {
                    yield return field;
                }
            }
        }
    }

    private static bool HoldsReferences(Type type) => !type.IsPrimitive && !type.IsEnum && !type.IsPointer
        && (!type.IsValueType || FieldsOf(type).Any());

    private static bool IsOfTests(object part) => part is string or MemberInfo or Assembly or ExecutionContext
        || (part as Delegate)?.Target?.GetType().Assembly == typeof(Retained).Assembly
        || part.GetType().Assembly == typeof(Retained).Assembly;
}
