using CodexSales.Rx.Domain;
using CodexSales.Rx.Web.Page.Space;

namespace CodexSales.Rx.Web.Tests.Page;

public sealed class OfferFormTests
{
    private static readonly Availability _odd = new()
    {
        Id = new AvailabilityId("disk"),
        TotalBytes = (3UL << 40) + 7,
        MaxDurationSeconds = 100_001,
        MinPricePerBytePerSecond = 7,
        TotalCollateral = UInt256.Parse("1000000000000000000001"),
        Until = new UnixSeconds(1_900_000_001),
    };

    [Fact]
    public void What_nobody_touched_stays_to_the_last_byte() => Assert.Equal(_odd, OfferForm.Of(_odd).Read(out _));

    [Fact]
    public void One_out_of_the_configuration_can_be_changed_whatever_its_name() =>
        Assert.NotNull(OfferForm.Of(_odd with { Id = new AvailabilityId("live") }).Read(out _));

    [Fact]
    public void A_field_that_is_changed_changes_that_alone()
    {
        var form = OfferForm.Of(_odd);
        form.Now = form.Now with { Space = "4", SpaceUnit = "TiB", Until = "" };
        Assert.Equal(_odd with { TotalBytes = 4UL << 40, Until = null }, form.Read(out _));
    }

    [Theory]
    [InlineData("Name", "", "Name: a name is expected, such as disk-1.")]
    [InlineData("Name", "..", "Name: '..' is given, but a name of 1 to 100 characters that can be seen, and none of ., .., live, is expected.")]
    [InlineData("Name", "Live", "Name: 'Live' is given, but a name of 1 to 100 characters that can be seen, and none of ., .., live, is expected.")]
    [InlineData("Name", "a\u202Eb", "Name: 'a\u202Eb' is given, but a name of 1 to 100 characters that can be seen, and none of ., .., live, is expected.")]
    [InlineData("Space", "much", "Space: 'much' is not what is expected: a number of TiB above 0, such as 2 or 0.5.")]
    [InlineData("Space", "1,5", "Space: '1,5' is not what is expected: a number of TiB above 0, such as 2 or 0.5.")]
    [InlineData("Space", "0", "Space: '0' is not what is expected: a number of TiB above 0, such as 2 or 0.5.")]
    [InlineData("Days", "", "Longest duration: nothing is not what is expected: a number of days above 0, such as 30 or 0.5.")]
    [InlineData("Price", "-3", "Lowest price: '-3' is no number of tokens for a TiB and month; one such as 2.85 or 0 is expected.")]
    [InlineData("Collateral", "0", "Collateral: '0' is no number of tokens above 0; one such as 10 or 0.25 is expected.")]
    [InlineData("Until", "tomorrow", "Last day: 'tomorrow' is no day; one such as 2027-01-31, or nothing, is expected.")]
    public void Each_wrong_field_has_one_sentence_that_names_it_and_what_is_expected(string field, string text, string sentence)
    {
        var form = OfferForm.Empty();
        form.Now = OfferForm.Texts.Of(new Dictionary<string, string>(form.Now.ToValues())
        {
            ["Name"] = "disk", ["Price"] = "3", ["Collateral"] = "10", [field] = text,
        });
        Assert.Null(form.Read(out var wrong));
        Assert.Equal(KeyValuePair.Create(field, sentence), Assert.Single(wrong));
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        Assert.Null(OfferForm.Empty().Read(out var wrong));
        Assert.Equal(["Collateral", "Name", "Price"], wrong.Keys.Order());
    }
}
