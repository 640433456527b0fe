namespace CodexSales.Rx.Tests.Pipeline;

public sealed class SalesPipelineOptionsTests
{
    public static TheoryData<SalesPipelineOptions, string> OutOfRange => new()
    {
        { new() { QueueCapacity = 0 }, "QueueCapacity is 0; 1 to 1000000 is expected." },
        { new() { QueueCapacity = 1_000_001 }, "QueueCapacity is 1000001; 1 to 1000000 is expected." },
        { new() { Workers = -1 }, "Workers is -1; 0 to 1000 is expected." },
        { new() { Workers = 0, MaxWorkers = 0 }, "MaxWorkers is 0; 1 to 1000 is expected." },
        { new() { MaxRequests = 0 }, "MaxRequests is 0; 1 to 2147483647 is expected." },
        { new() { MaxChangedSlotsPerRequest = -5 }, "MaxChangedSlotsPerRequest is -5; 1 to 2147483647 is expected." },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_limit_outside_of_its_range_is_refused_by_name(SalesPipelineOptions options, string why)
    {
        var refusal = Assert.Throws<ArgumentException>(nameof(options), () => new SalesFixture(options));

        Assert.StartsWith(why, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_out_of_range_is_told_at_once()
    {
        var refusal = Assert.Throws<ArgumentException>(
            () => new SalesFixture(new SalesPipelineOptions { QueueCapacity = 0, MaxRequests = 0 }));

        Assert.Contains("QueueCapacity", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("MaxRequests", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_may_be_as_many_workers_as_are_asked_for_at_first()
    {
        Assert.Equal(10, new SalesPipelineOptions { Workers = 10 }.MaxWorkers);
        Assert.Equal(3, new SalesPipelineOptions { Workers = 1 }.MaxWorkers);
    }
}
