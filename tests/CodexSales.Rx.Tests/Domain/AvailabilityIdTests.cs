namespace CodexSales.Rx.Tests.Domain;

public sealed class AvailabilityIdTests
{
    [Fact]
    public void Names_that_differ_in_case_differ() =>
        Assert.NotEqual(new AvailabilityId("v1"), new AvailabilityId("V1"));

    [Fact]
    public void A_name_is_printed_as_it_is()
    {
        Assert.Equal("my disk", new AvailabilityId("my disk").ToString());
        Assert.Equal("", default(AvailabilityId).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_name_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new AvailabilityId(name));

    [Fact]
    public void A_name_with_half_a_character_is_refused() => Assert.All(
        ["\ud835", "disk \udd18", "\udd18\ud835"],
        name => Assert.Throws<ArgumentException>(() => new AvailabilityId(name)));

    [Fact]
    public void A_name_may_have_any_whole_character() =>
        Assert.Equal("𝔘 ✓ ü", new AvailabilityId("𝔘 ✓ ü").ToString());

    [Fact]
    public void A_name_has_at_most_100_characters()
    {
        Assert.Equal(100, new AvailabilityId(new string('n', 100)).ToString().Length);
        Assert.Throws<ArgumentException>(() => new AvailabilityId(new string('n', 101)));
    }
}
