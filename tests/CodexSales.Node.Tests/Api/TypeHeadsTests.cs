using System.Reflection;

namespace CodexSales.Node.Tests.Api;

/// <summary>What each shipped library says of its types is written down, so that nobody changes it unawares.</summary>
public sealed class TypeHeadsTests
{
    [Theory]
    [InlineData("CodexSales.Rx")]
    [InlineData("CodexSales.Rx.Ethereum")]
    [InlineData("CodexSales.Rx.Ethereum.LocalKey")]
    [InlineData("CodexSales.Rx.Hosting")]
    [InlineData("CodexSales.Rx.Local")]
    [InlineData("CodexSales.Rx.Nethereum")]
    [InlineData("CodexSales.Rx.Sqlite")]
    [InlineData("CodexSales.Rx.Testing")]
    public void A_library_has_the_types_that_are_written_down(string library)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Api", $"{library}.txt");
        var adapters = Path.ChangeExtension(path, ".EcosystemAdapters.txt"); // Only there where they are built.
        var actual = TypeHeads.Of(Assembly.Load(library));
        if (!File.Exists(path) || File.ReadAllText(path) + (File.Exists(adapters) ? File.ReadAllText(adapters) : "") != actual)
        {
            File.WriteAllText($"{path}.actual", actual);
            Assert.Fail(
                $"{library} has other types. To accept that: cp {path}.actual "
                + $"tests/CodexSales.Node.Tests/Api/{library}.txt");
        }
    }

    [Fact]
    public void Types_are_told_as_in_source() => Assert.Equal(
        """
        interface TypeHeadsTests.IShape<TKey> : IDisposable, IEnumerable, IEnumerable<string[]> where TKey : struct
        sealed record class TypeHeadsTests.Square
            required Side

        """,
        string.Join("", TypeHeads.Of(typeof(IShape<>)), TypeHeads.Of(typeof(Square))));

    internal interface IShape<TKey> : IDisposable, IEnumerable<string[]>
        where TKey : struct;

    internal sealed record Square
    {
        public required ulong Side { get; init; }

        public int Corners { get; init; } = 4;
    }
}
