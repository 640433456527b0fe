using System.Reflection;
using System.Runtime.CompilerServices;

namespace CodexSales.Node.Tests.Api;

/// <summary>What a library offers to its users, as sorted text: one line for each type and each member.</summary>
internal static class PublicApi
{
    private const BindingFlags Members =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static StringComparer Ordinal => StringComparer.Ordinal;

    public static string Of(Assembly library) => string.Join('\n',
        from type in library.GetExportedTypes()
        orderby type.Namespace, type.FullName
        group Of(type) by type.Namespace into types
        select $"namespace {types.Key}\n\n{string.Join('\n', types)}");

    public static string Of(Type type) =>
        Head(type) + "\n" + string.Concat(
            from member in MembersOf(type)
            orderby member.Name, member.Text
            select $"    {member.Text}\n");

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
        return $"{modifier}{kind} {ApiNames.Of(type)}{Parents(type)}{Constraints(type.GetGenericArguments())}";
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
            .Select(ApiNames.Of)
            .Order(Ordinal);
        var parents = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)
            ? interfaces.Prepend(ApiNames.Of(parent))
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
                .Select(ApiNames.Of))
            .Append(
                !isStruct && flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) ? "new()" : null)
            .OfType<string>()
            .ToList()
        where rules.Count > 0
        select $" where {parameter.Name} : {string.Join(", ", rules)}");

    private static IEnumerable<(string Name, string Text)> MembersOf(Type type)
    {
        if (type.BaseType == typeof(MulticastDelegate))
        {
            return [("", Method(type.GetMethod("Invoke")!))];
        }

        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select((field, place) => ($"{place:d4}", $"{field.Name} = {field.GetRawConstantValue()}"));
        }

        return type.GetConstructors(Members).Where(IsOffered).Select(each => ("", Constructor(each)))
            .Concat(type.GetFields(Members).Where(IsOffered).Select(each => (each.Name, Field(each))))
            .Concat(type.GetProperties(Members).Where(IsOffered).Select(each => (each.Name, Property(each))))
            .Concat(type.GetMethods(Members).Where(IsOfferedAsMethod).Select(each => (each.Name, Method(each))));
    }

    // What a record has by itself is said by its being one.
    private static bool IsOffered(MethodBase member) =>
        (member.IsPublic || member.IsFamily || member.IsFamilyOrAssembly)
        && !(member.IsConstructor && member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false));

    private static bool IsOffered(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static bool IsOffered(PropertyInfo property) =>
        property.GetAccessors(nonPublic: true).Any(IsOffered) && property.Name != "EqualityContract";

    private static bool IsOfferedAsMethod(MethodInfo method) =>
        IsOffered(method)
        && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
        && !method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static string Constructor(ConstructorInfo constructor) =>
        $"{Access(constructor)}new({ApiNames.Of(constructor.GetParameters())})";

    private static string Field(FieldInfo field) => field.IsLiteral
        ? $"const {ApiNames.Of(field)} {field.Name} = {ApiNames.Literal(field.GetRawConstantValue())}"
        : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "")
            + $"{ApiNames.Of(field)} {field.Name}";

    private static string Property(PropertyInfo property)
    {
        var indices = property.GetIndexParameters();
        var name = indices.Length > 0 ? $"this[{ApiNames.Of(indices)}]" : property.Name;
        var set = property.SetMethod is { } setter && IsOffered(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;"
            : "";
        var get = property.GetMethod is { } getter && IsOffered(getter) ? " get;" : "";
        var needed = property.IsDefined(typeof(RequiredMemberAttribute), inherit: false) ? "required " : "";
        return $"{Modifiers(property.GetAccessors(true)[0])}{needed}{ApiNames.Of(property)} {name} {{{get}{set} }}";
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(ApiNames.Of))}>"
            : "";
        var self = method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : "";
        return $"{Modifiers(method)}{ApiNames.OfResult(method)} {method.Name}{generic}"
            + $"({self}{ApiNames.Of(method.GetParameters())}){Constraints(method.GetGenericArguments())}";
    }

    private static string Modifiers(MethodInfo method) => Access(method)
        + (method.DeclaringType!.IsInterface && !method.IsStatic ? ""
            : method.IsStatic ? "static "
            : method.IsAbstract ? "abstract "
            : method.GetBaseDefinition() != method ? "override "
            : method.IsVirtual && !method.IsFinal ? "virtual "
            : "");

    private static string Access(MethodBase member) => member.IsPublic ? "" : "protected ";
}
