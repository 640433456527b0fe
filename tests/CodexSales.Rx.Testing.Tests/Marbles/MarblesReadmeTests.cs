namespace CodexSales.Rx.Testing.Tests.Marbles;

/// <summary>
/// The folder of marbles is a tour: nothing of what the pipeline does is left out, and nothing of the format.
/// </summary>
public sealed class MarblesReadmeTests
{
    private static readonly string _readme = Specifications.Text("README.md");

    // What only a node that lags, an empty account, a slow prover or a faulty port brings about: the tests of sales show it.
    private static readonly SaleReason[] NotScripted =
    [
        SaleReason.RequestUnknown, SaleReason.InsufficientFunds, SaleReason.TransactionRefused, SaleReason.ProofsTakeTooLong,
        SaleReason.HostFault,
    ];

    [Fact]
    public void Every_specification_is_shown_once_with_its_claim() => Assert.All(Specifications.Files, file =>
    {
        var picture = $"[![{Specifications.Run(file).Title}]({Path.ChangeExtension(file, ".svg")})]({file})\n";

        Assert.Equal(2, _readme.Split(picture).Length);
    });

    [Fact]
    public void The_example_is_the_text_of_its_specification() =>
        Assert.Contains($"```\n{Specifications.Text("three-workers.marble")}```\n", _readme, StringComparison.Ordinal);

    [Fact]
    public void Every_output_lane_is_explained() => Assert.All(
        OutputText.LaneNames, lane => Assert.Contains($"\n| `{lane}` |", _readme, StringComparison.Ordinal));

    [Fact]
    public void Every_cause_of_a_change_of_the_queue_is_shown_by_some_specification() => AssertShown(
        "queue.", Enum.GetValues<QueueCause>().Except([QueueCause.Snapshot]));

    [Fact]
    public void Every_reason_of_an_end_of_a_sale_is_shown_by_some_specification() => AssertShown(
        "sale.", Enum.GetValues<SaleReason>().Except(NotScripted));

    [Fact]
    public void Every_reason_why_no_availability_takes_a_slot_is_shown_by_some_specification() => AssertShown(
        "refused.", Enum.GetValues<RefusalReason>().Where(reason => reason >= RefusalReason.NoAvailability));

    private static void AssertShown<T>(string prefix, IEnumerable<T> values)
        where T : struct, Enum
    {
        var marks = Specifications.Files.SelectMany(file => Specifications.Run(file).Marks).ToHashSet();

        Assert.Equal([], values.Select(value => prefix + Words.Of(value)).Except(marks));
    }
}
