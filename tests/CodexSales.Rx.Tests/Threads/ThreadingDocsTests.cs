using System.Reflection;
using System.Xml.Linq;

namespace CodexSales.Rx.Tests.Threads;

/// <summary>Every public type says what holds for threads: by itself and on the page of threads, or as an immutable value.</summary>
public sealed class ThreadingDocsTests
{
    private static readonly Assembly _library = typeof(SalesPipeline).Assembly;

    private static readonly Dictionary<string, string> _remarks = XDocument
        .Load(Path.ChangeExtension(_library.Location, "xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value, member => member.Value);

    /// <summary>Those that are no immutable values.</summary>
    public static TheoryData<string> Types { get; } = new(
        _library.GetExportedTypes().Where(type => !IsValue(type)).Select(type => type.FullName!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Types))]
    public void A_type_that_is_no_value_says_what_holds_for_threads(string name)
    {
        Assert.Contains("Threading:", _remarks[$"T:{name.Replace('+', '.')}"], StringComparison.Ordinal);
        Assert.Contains($"`{name.Split('.')[^1].Split('`')[0]}`", ThreadsPage(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_keeps_its_values_and_options_are_copied() => Assert.All(
        _library.GetExportedTypes().Where(type => IsRecord(type) && !type.Name.EndsWith("Options", StringComparison.Ordinal)),
        record => Assert.All(
            record.GetProperties().Where(property => property.SetMethod is { IsPublic: true }),
            property => Assert.Contains(
                typeof(System.Runtime.CompilerServices.IsExternalInit),
                property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers())));

    private static bool IsValue(Type type) =>
        type.IsValueType || IsRecord(type) || type.IsAssignableTo(typeof(Exception)) || type.IsAssignableTo(typeof(Delegate));

    // How the compiler marks one.
    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static string ThreadsPage()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CodexSales.Rx.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return File.ReadAllText(Path.Combine(folder.FullName, "src", "CodexSales.Rx", "Threading", "README.md"));
    }
}
