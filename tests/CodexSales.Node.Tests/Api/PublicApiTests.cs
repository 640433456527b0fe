using System.Reflection;

namespace CodexSales.Node.Tests.Api;

/// <summary>What each shipped library offers is written down, so that nobody changes it unawares.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("CodexSales.Rx")]
    [InlineData("CodexSales.Rx.Ethereum")]
    [InlineData("CodexSales.Rx.Ethereum.LocalKey")]
    [InlineData("CodexSales.Rx.Local")]
    [InlineData("CodexSales.Rx.Sqlite")]
    [InlineData("CodexSales.Rx.Testing")]
    public void A_library_offers_what_is_written_down(string library)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Api", $"{library}.txt");
        var actual = PublicApi.Of(Assembly.Load(library));
        if (!File.Exists(path) || File.ReadAllText(path) != actual)
        {
            File.WriteAllText($"{path}.actual", actual);
            Assert.Fail(
                $"{library} offers something else. To accept that: cp {path}.actual "
                + $"tests/CodexSales.Node.Tests/Api/{library}.txt");
        }
    }

    [Fact]
    public void What_is_offered_is_told_as_in_source() => Assert.Equal(
        """
        interface PublicApiTests.IShape<TKey> : IDisposable where TKey : struct
            IReadOnlyList<string?>? Names { get; set; }
            bool TryMeasure(TKey key, out int area, string? unit = default)

        sealed record class PublicApiTests.Square
            new(ulong Side)
            const int Corners = 4
            static PublicApiTests.Square? Parse(string text)
            ulong Side { get; init; }

        """,
        string.Join('\n', PublicApi.Of(typeof(IShape<>)), PublicApi.Of(typeof(Square))));

    internal interface IShape<TKey> : IDisposable
        where TKey : struct
    {
        IReadOnlyList<string?>? Names { get; set; }

        bool TryMeasure(TKey key, out int area, string? unit = null);
    }

    internal sealed record Square(ulong Side)
    {
        public const int Corners = 4;

        public static Square? Parse(string text) => text.Length == Corners ? new Square(1) : null;

        internal static Square Unit { get; } = new(1);
    }
}
