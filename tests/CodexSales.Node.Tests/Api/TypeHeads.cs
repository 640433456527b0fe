using System.Reflection;
using System.Runtime.CompilerServices;

namespace CodexSales.Node.Tests.Api;

/// <summary>
/// What a library says of its types themselves, as sorted text: kind, parents, constraints, and which members must be set. Their
/// members stand in its <c>PublicAPI.Unshipped.txt</c>, which the compiler compares, and which says nothing of these.
/// </summary>
internal static class TypeHeads
{
    private const BindingFlags Members =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> _words = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(int)] = "int", [typeof(long)] = "long",
        [typeof(object)] = "object", [typeof(string)] = "string", [typeof(uint)] = "uint", [typeof(ulong)] = "ulong",
    };

    private static StringComparer Ordinal => StringComparer.Ordinal;

    public static string Of(Assembly library) => string.Join('\n',
        from type in library.GetExportedTypes()
        orderby type.Namespace, type.FullName
        group Of(type) by type.Namespace into types
        select $"namespace {types.Key}\n\n{string.Concat(types)}");

    public static string Of(Type type) =>
        Head(type) + "\n" + string.Concat(
            from member in type.GetMembers(Members)
            where member is PropertyInfo or FieldInfo && member.IsDefined(typeof(RequiredMemberAttribute), inherit: false)
            orderby member.Name
            select $"    required {member.Name}\n");

    private static string Head(Type type)
    {
        var kind = type.IsEnum ? "enum"
            : type.BaseType == typeof(MulticastDelegate) ? "delegate"
            : type.IsInterface ? "interface"
            : (IsReadOnly(type) ? "readonly " : "") + (IsRecord(type) ? "record " : "")
                + (type.IsValueType ? "struct" : "class");
        var modifier = !type.IsClass || kind == "delegate" ? ""
            : type.IsAbstract && type.IsSealed ? "static "
            : type.IsAbstract ? "abstract "
            : type.IsSealed ? "sealed "
            : "";
        return $"{modifier}{kind} {NameOf(type)}{Parents(type)}{Constraints(type.GetGenericArguments())}";
    }

    private static bool IsReadOnly(Type type) =>
        type.IsValueType && type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false);

    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Members) is not null;

    // Without those that a parent brings along.
    private static string Parents(Type type)
    {
        if (type.IsEnum || type.BaseType == typeof(MulticastDelegate))
        {
            return "";
        }

        var interfaces = type.GetInterfaces()
            .Where(each => each.IsPublic || each.IsNestedPublic)
            .Where(each => type.BaseType?.IsAssignableTo(each) != true && each != EquatableTo(type))
            .Select(NameOf)
            .Order(Ordinal);
        var parents = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)
            ? interfaces.Prepend(NameOf(parent))
            : interfaces;
        return string.Join(", ", parents) is { Length: > 0 } names ? $" : {names}" : "";
    }

    private static Type? EquatableTo(Type type) => IsRecord(type) ? typeof(IEquatable<>).MakeGenericType(type) : null;

    private static string Constraints(Type[] parameters) => string.Concat(
        from parameter in parameters
        where parameter.IsGenericParameter
        let flags = parameter.GenericParameterAttributes
        let isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint)
        let rules = new[]
            {
                isStruct ? "struct" : null,
                flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? "class" : null,
            }
            .Concat(parameter.GetGenericParameterConstraints()
                .Where(rule => rule != typeof(ValueType))
                .Select(NameOf))
            .Append(
                !isStruct && flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) ? "new()" : null)
            .OfType<string>()
            .ToList()
        where rules.Count > 0
        select $" where {parameter.Name} : {string.Join(", ", rules)}");

    private static string NameOf(Type type)
    {
        if (type.IsArray)
        {
            return $"{NameOf(type.GetElementType()!)}[]";
        }

        if (type.IsGenericParameter || _words.ContainsKey(type))
        {
            return _words.GetValueOrDefault(type, type.Name);
        }

        var name = (type.IsNested ? $"{NameOf(type.DeclaringType!)}." : "") + type.Name;
        var tick = name.LastIndexOf('`');
        return tick < 0 ? name : $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}
