using System.Globalization;
using System.Reflection;

namespace CodexSales.Node.Tests.Api;

/// <summary>Names of types as C# writes them, and whether they may be null.</summary>
internal static class ApiNames
{
    private static readonly NullabilityInfoContext _nullability = new();

    private static readonly Dictionary<Type, string> _words = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(char)] = "char", [typeof(decimal)] = "decimal",
        [typeof(double)] = "double", [typeof(float)] = "float", [typeof(int)] = "int", [typeof(long)] = "long",
        [typeof(object)] = "object", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(string)] = "string",
        [typeof(uint)] = "uint", [typeof(ulong)] = "ulong", [typeof(ushort)] = "ushort", [typeof(void)] = "void",
    };

    public static string Of(Type type) => Of(type, null);

    public static string Of(FieldInfo field) => Of(field.FieldType, _nullability.Create(field));

    public static string Of(PropertyInfo property) => Of(property.PropertyType, _nullability.Create(property));

    public static string OfResult(MethodInfo method) =>
        Of(method.ReturnType, _nullability.Create(method.ReturnParameter));

    public static string Of(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter =>
        (parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? parameter.IsIn ? "in " : "ref " : "")
        + (parameter.IsDefined(typeof(ParamArrayAttribute), inherit: false) ? "params " : "")
        + $"{Of(parameter.ParameterType, _nullability.Create(parameter))} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {Literal(parameter.RawDefaultValue)}" : "")));

    public static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool yes => yes ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Of(Type type, NullabilityInfo? known)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!, known?.ElementType ?? known);
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{Of(value)}?";
        }

        var name = type.IsArray ? $"{Of(type.GetElementType()!, known?.ElementType)}[]"
            : _words.TryGetValue(type, out var word) ? word
            : type.IsGenericParameter ? type.Name
            : Full(type, known);
        return known is { ReadState: NullabilityState.Nullable } && IsReference(type) ? $"{name}?" : name;
    }

    // Of what may be either, everything counts as nullable.
    private static bool IsReference(Type type) => type.IsGenericParameter
        ? type.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)
        : !type.IsValueType;

    private static string Full(Type type, NullabilityInfo? known)
    {
        var outer = type.IsNested ? $"{Of(type.DeclaringType!)}." : "";
        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        if (tick < 0)
        {
            return outer + type.Name;
        }

        var arguments = type.GetGenericArguments().Select((argument, place) =>
            Of(argument, known?.GenericTypeArguments.ElementAtOrDefault(place)));
        return $"{outer}{type.Name[..tick]}<{string.Join(", ", arguments)}>";
    }
}
