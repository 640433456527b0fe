using CodexSales.Rx.Local.Sources;

namespace CodexSales.Rx.Local.Tests.Sources;

/// <summary>Samples of the multibase specification and of the draft that describes base 58.</summary>
public sealed class CidTextTests
{
    [Theory]
    [InlineData("796573206d616e692021", "z7paNL19xttacUY")]
    [InlineData("48656c6c6f20576f726c6421", "z2NEpo7TZRRrLZSi2U")]
    [InlineData("0000287fb4cd", "z11233QC4")]
    [InlineData("00", "z1")]
    [InlineData("", "z")]
    public void A_content_id_is_written_in_base_58(string hex, string text) =>
        Assert.Equal(text, CidText.Of([.. Convert.FromHexString(hex)]));

    [Fact]
    public void One_that_is_longer_than_any_real_one_is_not_written() =>
        Assert.Equal((true, false), (IsWritten(128), IsWritten(129)));

    private static bool IsWritten(int length) => CidText.Of([.. Enumerable.Repeat((byte)255, length)]) is not null;
}
