using CodexSales.Node.Run;
using CodexSales.Node.Tests.Replay;
using CodexSales.Rx.Ports.Store;
using static CodexSales.Node.Tests.CommandRun;

namespace CodexSales.Node.Tests.Run;

/// <summary>What is for sale is listed and changed without a chain, and nothing is sold.</summary>
public sealed class AvailabilityCommandTests : IDisposable
{
    private const string Spec = "size=8GiB,duration=30d,price=2,collateral=1000000";

    private readonly TemporaryFiles _files = new();

    private string Data => _files.PathOf("data");

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task One_is_added_listed_changed_and_removed()
    {
        var added = await SetAsync(Spec);
        Assert.Equal(
            (0, "v1: 8 GiB, 8 GiB of it free, for up to 30 d 0 h at 2 or more for each byte and second, with a collateral of "
                + "1000000, 1000000 of it free\n"),
            (added.ExitCode, added.Output));
        Assert.Equal(added, await OfAsync("availability", "list", "--data", Data));

        var changed = await SetAsync("size=4GiB,duration=1h,price=3,collateral=5,until=2000000000,enabled=false,id=v1");
        Assert.Equal(
            "v1: 4 GiB, 4 GiB of it free, for up to 1 h 0 min at 3 or more for each byte and second, with a collateral of 5, 5 of "
                + "it free, until 2000000000, disabled\n",
            changed.Output);

        Assert.Equal(
            new CommandRun(0, "", ""), await OfAsync("availability", "remove", "--data", Data, "--id", "v1"));
        Assert.Equal(new CommandRun(0, "", ""), await OfAsync("availability", "list", "--data", Data));
    }

    [Fact]
    public async Task Several_are_told_apart_by_their_ids()
    {
        await SetAsync($"{Spec},id=b");
        await SetAsync($"{Spec},id=a");

        var refused = await SetAsync(Spec);

        Assert.Equal(
            (2, "--availability: id is expected in it, too, as in each where there is more than one: the store remembers b, a.\n"),
            (refused.ExitCode, refused.Error));
        Assert.Equal(["a", "b"], (await OfAsync("availability", "list", "--data", Data)).Lines.Select(line => line.Split(':')[0]));
    }

    // What sales hold stays theirs.
    [Fact]
    public async Task One_that_is_sold_from_does_not_shrink_below_that_and_goes_only_with_its_last_sale()
    {
        await SetAsync(Spec);
        using (var store = SalesFile.Open(Data))
        {
            await store.SaveAsync([new SaleSaved(HostedSale.Of("v1"))], TestContext.Current.CancellationToken);
        }

        var refused = await SetAsync("size=1KiB,duration=30d,price=2,collateral=1000000");
        Assert.Equal(
            (2, "--availability: Availability 'v1' can't shrink to 1024 bytes: its sales hold 4096.\n"),
            (refused.ExitCode, refused.Error));
        var removed = await OfAsync("availability", "remove", "--data", Data, "--id", "v1");
        Assert.EndsWith(", removed when its sales have ended: 1\n", removed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("removed", (await SetAsync(Spec)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("availability", "availability: list, set, remove, add or drain is expected after it.")]
    [InlineData("availability set --data x", "--availability: not given, but --availability SPEC is expected.")]
    [InlineData("availability remove --data x", "--id: not given, but --id ID is expected.")]
    [InlineData("availability list --data /nothing", "--data: '/nothing' is given, but nothing is remembered there.")]
    public async Task What_can_not_be_done_is_said_in_one_sentence(string arguments, string sentence)
    {
        var refused = await OfAsync(arguments.Split(' '));

        Assert.Equal((2, $"{sentence}\n"), (refused.ExitCode, refused.Error));
    }

    [Fact]
    public async Task One_that_is_not_there_is_not_removed()
    {
        await SetAsync(Spec);

        var refused = await OfAsync("availability", "remove", "--data", Data, "--id", "v2");

        Assert.Equal(
            (2, "--id: 'v2' is given, but the store remembers none of that id.\n"), (refused.ExitCode, refused.Error));
    }

    [Fact]
    public async Task Nothing_is_changed_while_another_process_sells()
    {
        using var store = SalesFile.Open(Data);

        var refused = await OfAsync("availability", "list", "--data", Data);

        Assert.Equal(2, refused.ExitCode);
        Assert.StartsWith("--data: The store ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_given_stays_and_a_new_one_is_given_whole()
    {
        await SetAsync($"{Spec},until=2000000000,enabled=false");

        var changed = await SetAsync("price=7");

        Assert.Equal(
            "v1: 8 GiB, 8 GiB of it free, for up to 30 d 0 h at 7 or more for each byte and second, with a collateral of 1000000, 1000000 of "
                + "it free, until 2000000000, disabled\n",
            changed.Output);
        Assert.DoesNotContain("until", (await SetAsync("until=none,enabled=true")).Output, StringComparison.Ordinal);
        var refused = await SetAsync("price=7,size=1GiB,id=other");
        Assert.Equal(
            (2, "--availability: 'price=7,size=1GiB,id=other' is given, but duration is expected in it, too, since nothing of that id is for sale.\n"),
            (refused.ExitCode, refused.Error));
    }

    [Fact]
    public async Task One_is_changed_a_call_so_that_none_is_changed_by_half()
    {
        var refused = await SetAsync($"{Spec},id=a", $"{Spec},id=b");

        Assert.Equal((2, "--availability: given 2 times, but expected only once.\n"), (refused.ExitCode, refused.Error));
        await SetAsync($"{Spec},id=a");
        var removed = await OfAsync("availability", "remove", "--data", Data, "--id", "a", "--id", "b");
        Assert.Equal((2, "--id: given 2 times, but expected only once.\n"), (removed.ExitCode, removed.Error));
        Assert.Single((await OfAsync("availability", "list", "--data", Data)).Lines);
    }

    private Task<CommandRun> SetAsync(params string[] specs) =>
        OfAsync(["availability", "set", "--data", Data, .. specs.SelectMany(spec => new[] { "--availability", spec })]);
}
