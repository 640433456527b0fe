using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Testing.Work;
using Microsoft.Extensions.DependencyInjection;

namespace CodexSales.Node.Tests.Remote;

/// <summary>Verbs that ask a node that sells on a simulated market.</summary>
public sealed class RemoteVerbsTests : IDisposable
{
    private const string Spec = "size=8GiB,duration=30d,price=2,collateral=1000000";

    private readonly RunningNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Status_is_one_screen_and_an_exit_code()
    {
        _node.Time.Advance(TimeSpan.FromHours(3));

        var told = _node.Run("status");

        Assert.Equal((0, ""), (told.ExitCode, told.Error));
        Assert.Equal(_node.Sales.Health.Sentence, told.Lines.First());
        Assert.InRange(told.Lines.Count(), 8, 24);
        Assert.Contains(told.Lines, line => line.StartsWith("workers", StringComparison.Ordinal) && line.Contains(" of 3 busy", StringComparison.Ordinal));
        Assert.Contains(told.Lines, line => line.StartsWith("earned", StringComparison.Ordinal));
        var json = JsonDocument.Parse(_node.Run("status", "--json").Output).RootElement;
        Assert.Equal(_node.Sales.Health.Sentence, json.GetProperty("health").GetProperty("sentence").GetString());
        Assert.Equal(JsonValueKind.Array, json.GetProperty("availabilities").ValueKind);
    }

    [Fact]
    public void Status_ends_with_1_where_nothing_new_is_begun()
    {
        _node.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _node.Run("status").ExitCode);
        foreach (var (stop, goOn) in new[] { ((string[])["pause"], (string[])["resume"]), (["workers", "--limit", "0"], ["workers", "--limit", "3"]) })
        {
            _node.Run(stop);
            _node.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(1, _node.Run("status").ExitCode);
            _node.Run(goOn);
            _node.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(0, _node.Run("status").ExitCode);
        }
    }

    [Fact]
    public void Status_ends_with_4_after_a_missed_proof_until_somebody_knows()
    {
        var fault = WorkFault.None;
        using var node = new RunningNode(choose: (codex, time) =>
        {
            codex.Services.AddSingleton(new SimulatedProver(time, TimeSpan.FromSeconds(5)) { Faults = _ => fault });
            codex.UseProver<SimulatedProver>();
        });
        node.Time.RunUntil(() => node.Sales.Health.Pipeline!.Hosted > 0);
        fault = WorkFault.Fails;
        node.Time.RunUntil(() => node.Sales.Health.Pipeline!.MissedProofs > 0);
        fault = WorkFault.None;
        node.Time.Advance(TimeSpan.FromHours(1));

        var told = node.Run("status");

        Assert.Equal((4, ""), (told.ExitCode, told.Error));
        Assert.Contains(told.Lines, line => line.StartsWith("alerts", StringComparison.Ordinal) && line.Contains("proof missed", StringComparison.Ordinal));
        Assert.Equal(4, node.Run("status", "--json").ExitCode);
        foreach (var alert in node.Sales.Alerts.Snapshot.Items)
        {
            node.Run("alerts", "dismiss", $"{alert.Id}");
        }

        Assert.Equal(0, node.Run("status").ExitCode);
    }

    [Fact]
    public async Task The_help_of_status_tells_how_it_ends()
    {
        var help = (await CommandRun.OfAsync("status", "--help")).Output.ReplaceLineEndings(" ");

        Assert.All([0, 1, 3, 4], code => Assert.Matches($"(ends with|,|and) {code} when", help));
    }

    [Fact]
    public void The_longest_duration_is_told_too()
    {
        var offer = _node.Sales.Availabilities.Snapshot[0].Availability;
        _node.Time.WaitFor(_node.Sales.Availabilities.SaveAsync(offer with { Id = new("longest"), MaxDurationSeconds = ulong.MaxValue }));

        var told = _node.Run("availability", "list");

        Assert.Equal((0, ""), (told.ExitCode, told.Error));
        Assert.Contains(told.Lines, line => line.Contains("longest", StringComparison.Ordinal) && line.Contains("213503982334601 d", StringComparison.Ordinal));
    }

    [Fact]
    public void Queue_and_sales_are_told_as_tables_and_as_JSON()
    {
        _node.Sales.Workers.Pause();
        _node.Time.Advance(TimeSpan.FromHours(2));
        var queue = _node.Run("queue", "--count", "2");
        Assert.Equal($"{_node.Sales.Queue.Count} of at most {_node.Sales.Queue.Capacity} slots are queued.", queue.Lines.First());
        Assert.Equal(1 + 1 + 2, queue.Lines.Count());
        Assert.Equal(2, JsonDocument.Parse(_node.Run("queue", "--count", "2", "--json").Output).RootElement.GetProperty("items").GetArrayLength());

        _node.Sales.Workers.Resume();
        _node.Time.Advance(TimeSpan.FromHours(2));
        var sales = _node.Run("sales");
        Assert.Equal($"{_node.Sales.Sales.Count} sales are under way.", sales.Lines.First());
        Assert.Contains("proving", sales.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void History_is_filtered_and_told_as_a_table_or_a_file()
    {
        using var node = new RunningNode(isRemembered: true);
        node.Time.RunUntil(() => node.Time.WaitFor(node.Sales.ReadHistoryAsync(count: 20)).Count >= 8);
        var all = JsonDocument.Parse(node.Run("history", "--count", "1000", "--json").Output).RootElement.GetProperty("items");
        var reason = all[0].GetProperty("reason").GetString()!;

        var ofReason = node.Run("history", "--reason", reason, "--count", "1000");

        Assert.True(ofReason.Lines.Count() > all.EnumerateArray().Count(row => row.GetProperty("reason").GetString() == reason));
        Assert.Matches("^sale +slot .* lost +fees +missed", ofReason.Lines.First());
        var csv = node.Run("history", "--csv");
        Assert.StartsWith("number,", csv.Output, StringComparison.Ordinal);
        Assert.True(csv.Lines.Count() > all.GetArrayLength());
        var wrong = node.Run("history", "--reason", "sold");
        Assert.Equal(2, wrong.ExitCode);
        Assert.StartsWith("reason: 'sold' is given, but one of paid, ", wrong.Error, StringComparison.Ordinal);
        Assert.Single(node.Run("history", "--from", "2100-01-01").Lines);
    }

    [Fact]
    public void Workers_are_limited_paused_and_resumed()
    {
        Assert.StartsWith("0 of 4 workers are busy, 5 is the most", _node.Run("workers", "--limit", "4").Output, StringComparison.Ordinal);
        Assert.Equal("Paused: nothing new is begun.\n", _node.Run("pause").Output);
        _node.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((4, true), (_node.Sales.Workers.Snapshot.Limit, _node.Sales.Workers.Snapshot.IsPaused));
        Assert.Contains("; paused", _node.Run("workers").Output, StringComparison.Ordinal);
        Assert.Equal("Resumed.\n", _node.Run("resume").Output);
        _node.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_node.Sales.Workers.Snapshot.IsPaused);

        var refused = _node.Run("workers", "--limit", "6");
        Assert.Equal((2, "limit: '6' is given, but a whole number from 0 to 5 is expected.\n"), (refused.ExitCode, refused.Error));
        Assert.Equal(2, _node.Run("workers", "--limit", "many").ExitCode);
    }

    [Fact]
    public void Alerts_are_raised_told_and_dismissed()
    {
        Assert.Equal("No alert is active.\n", _node.Run("alerts").Output);
        var raised = _node.Run("alerts", "test").Output;
        var number = raised.Split(' ')[1];
        Assert.Equal($"Alert {number} is raised.\n", raised);
        Assert.Contains(_node.Run("alerts").Lines, line => line.StartsWith($"{number} ", StringComparison.Ordinal) && line.Contains("  test  ", StringComparison.Ordinal));
        Assert.Equal($"Alert {number} is dismissed.\n", _node.Run("alerts", "dismiss", number).Output);
        Assert.Equal(2, _node.Run("alerts", "dismiss", number).ExitCode);
        Assert.Equal(2, _node.Run("alerts", "dismiss", "one").ExitCode);
        Assert.Equal("No alert is active.", _node.Run("alerts", "--past").Lines.First());
        Assert.Contains(_node.Run("alerts", "--past").Lines, line => line.StartsWith($"{number} ", StringComparison.Ordinal));
    }

    [Fact]
    public void Availabilities_are_listed_added_changed_drained_and_removed()
    {
        Assert.Equal(["availability", "disk"], Names(_node.Run("availability", "list")));
        Assert.Equal(["a b/c", "availability", "disk"], Names(_node.Run("availability", "add", "--availability", $"{Spec},id=a b/c")).Order());
        var changed = _node.Run("availability", "set", "--availability", "size=1GiB,duration=1h,price=3,collateral=5,until=2000000000,id=a b/c");
        Assert.Contains("1 GiB", changed.Lines.Single(line => line.StartsWith("a b/c", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("until 2033-05-18 03:33:20", changed.Output, StringComparison.Ordinal);
        Assert.Equal(["availability", "disk"], Names(_node.Run("availability", "drain", "--id", "a b/c")));
        _node.Run("availability", "add", "--availability", $"{Spec},id=x");
        Assert.Equal(["availability", "disk"], Names(_node.Run("availability", "remove", "--id", "x")));

        var twice = _node.Run("availability", "add", "--availability", $"{Spec},id=disk");
        Assert.Equal(2, twice.ExitCode);
        Assert.StartsWith("id: 'disk' is given, but an availability of that name is there already", twice.Error, StringComparison.Ordinal);
        Assert.Equal(2, _node.Run("availability", "remove", "--id", "nobody").ExitCode);
        Assert.Equal(2, _node.Run("availability", "set", "--availability", "size=0,duration=1h,price=3,collateral=5,id=disk").ExitCode);
        Assert.Equal("disk", Assert.Single(_node.Sales.Availabilities.Snapshot).Availability.Id.ToString());
    }

    [Fact]
    public void The_only_one_there_is_can_be_changed_without_its_id()
    {
        Assert.Contains("8 GiB", _node.Run("availability", "set", "--availability", Spec).Output, StringComparison.Ordinal);
        _node.Run("availability", "add", "--availability", $"{Spec},id=x");

        var refused = _node.Run("availability", "set", "--availability", Spec);

        Assert.Equal(
            (2, "--availability: id is expected in it, too, as in each where there is more than one: the node has disk, x.\n"),
            (refused.ExitCode, refused.Error));
    }

    [Fact]
    public void A_node_is_found_below_the_path_at_which_it_is_served_and_at_no_other()
    {
        using var node = new RunningNode(pathBase: "/sales");

        Assert.Equal(0, node.Run("status", "--node", $"{node.Url}/sales").ExitCode);
        Assert.Equal(0, node.Run("status", "--node", $"{node.Url}/sales/").ExitCode);
        foreach (var (url, other) in new[] { (node.Url, "/other"), (_node.Url, "/sales"), (_node.Url, "/api/v1") })
        {
            var lost = node.Time.WaitFor(Task.Run(() => RunningNode.RunAsync(url, null, "queue", "--node", $"{url}{other}")));
            Assert.Equal(
                (3, $"--node: {url}{other} answers, but not as a node does: is it served below that path, and by this program?\n"),
                (lost.ExitCode, lost.Error));
        }
    }

    [Fact]
    public void What_is_not_given_stays_as_it_is_by_then()
    {
        var before = Offer() with { Until = new UnixSeconds(4_000_000_000) };
        _node.Time.WaitFor(_node.Sales.Availabilities.SaveAsync(before));

        Assert.Equal(0, _node.Run("availability", "set", "--availability", "price=7,enabled=false").ExitCode);
        Assert.Equal(before with { MinPricePerBytePerSecond = 7, IsDisabled = true }, Offer());
        _node.Run("availability", "set", "--availability", "until=none,enabled=true,id=disk");
        Assert.Equal(before with { MinPricePerBytePerSecond = 7, Until = null }, Offer());

        var refused = _node.Run("availability", "set", "--availability", "price=7,id=other");
        Assert.Equal(
            (2, "--availability: 'price=7,id=other' is given, but size is expected in it, too, since nothing of that id is for sale.\n"),
            (refused.ExitCode, refused.Error));
        Availability Offer() => _node.Sales.Availabilities.Snapshot[0].Availability;
    }

    [Theory]
    [InlineData("add", "--availability", Spec + ",id=a", Spec + ",id=disk")]
    [InlineData("set", "--availability", "price=3,id=disk", "price=3,id=nobody")]
    [InlineData("drain", "--id", "disk", "nobody")]
    [InlineData("remove", "--id", "disk", "nobody")]
    public void One_is_changed_a_call_so_that_none_is_changed_by_half(string verb, string option, string first, string second)
    {
        var before = _node.Sales.Availabilities.Snapshot;

        var refused = _node.Run("availability", verb, option, first, option, second);

        Assert.Equal((2, $"{option}: given 2 times, but expected only once.\n"), (refused.ExitCode, refused.Error));
        Assert.Equal(before, _node.Sales.Availabilities.Snapshot);
    }

    [Theory]
    [InlineData("drain", "--id", ".", ".")]
    [InlineData("drain", "--id", "..", "..")]
    [InlineData("remove", "--id", "..", "..")]
    [InlineData("set", "--availability", "price=3,id=..", "..")]
    public void A_name_that_a_path_takes_for_something_else_is_not_asked_for(string verb, string option, string given, string id)
    {
        var refused = _node.Run("availability", verb, option, given);

        Assert.Equal(
            (2, $"{option}: '{id}' is given, but a name other than . and .. is expected: a node is asked by paths, where these are none.\n"),
            (refused.ExitCode, refused.Error));
    }

    [Theory]
    [InlineData("add", "size=0B,duration=30d,price=2,collateral=1", "size")]
    [InlineData("add", "size=8GiB,duration=0s,price=2,collateral=1", "duration")]
    [InlineData("add", "size=8GiB,duration=30d,price=2,collateral=0", "collateral")]
    [InlineData("set", "size=0,id=disk", "size")]
    public void What_may_not_be_0_is_told_by_the_key_that_was_written(string verb, string spec, string key)
    {
        var before = _node.Sales.Availabilities.Snapshot;

        var refused = _node.Run("availability", verb, "--availability", spec);

        Assert.Equal((2, $"--availability: '{spec}' is given, but a {key} above 0 is expected in it.\n"), (refused.ExitCode, refused.Error));
        Assert.Equal(before, _node.Sales.Availabilities.Snapshot);
    }

    private static IEnumerable<string> Names(CommandRun run) => run.Lines.Select(line => line.Split("  ")[0]);
}
