namespace CodexSales.Rx.Tests.Domain;

public sealed class SlotIdTests
{
    private static readonly RequestId _request =
        RequestId.Parse("0x40f81ee9adb25ab9781cf9c2fe6682fc280436b06b9af81305bd6d8f1057df0d");

    // Checked against the contract on a local node.
    [Theory]
    [InlineData(0, "0x2029afcc5562900c78cb6d63d7911b1c21d7fbfe3227fca8cf277e11ec0ca75a")]
    [InlineData(1, "0x2a892ad268e8f7afe9a849bacd0fd83b340658c612872f89cdeae5a3e9258e81")]
    [InlineData(3, "0x37b6ababfb1cff2a3a95e56594423ab3f02baed6acf87f8e365961b4ca7a2a69")]
    public void The_id_of_a_slot_is_the_contracts(ulong index, string id)
    {
        Assert.Equal(id, SlotId.Of(_request, index).ToString());
        Assert.Equal(SlotId.Parse(id), new SlotKey(_request, index).SlotId);
    }

    [Fact]
    public void Each_recorded_fill_proved_the_slot_that_it_filled()
    {
        var fills = Recording.Fills().ToList();

        Assert.Equal(24, fills.Count);
        Assert.All(fills, fill => Assert.Equal(fill.Proven, fill.Filled.SlotId));
    }

    [Fact]
    public void The_largest_index_has_an_id_of_its_own() =>
        Assert.NotEqual(SlotId.Of(_request, ulong.MaxValue), SlotId.Of(_request, uint.MaxValue));

    [Fact]
    public void A_slot_is_printed_by_its_request_and_index() =>
        Assert.Equal("0x40f8…df0d/3", new SlotKey(_request, 3).ToShortString());
}
