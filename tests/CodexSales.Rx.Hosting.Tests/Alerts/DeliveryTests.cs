using System.Security.Cryptography;
using System.Text;
using CodexSales.Rx.Hosting.Alerts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Hosting.Tests.Alerts;

/// <summary>Who is told of alerts, over real HTTP and by real programs, with pauses in virtual time.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")] // Who may read a file is told otherwise there.
public sealed class DeliveryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("delivery");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_receiver_is_told_once_when_an_alert_begins_and_once_when_it_is_over_and_can_check_who_says_so()
    {
        using var receiver = new Receiver();
        var secret = WriteSecret();
        using var app = new AlertedApp([.. To(receiver), ("Alerts:Webhooks:0:SecretFile", secret)]);
        app.Start();
        app.FreeBytes = 7;
        Pass(app, 1);
        Assert.Single(receiver.Had);
        Pass(app, 10);
        app.FreeBytes = null;
        Pass(app, 2);
        Assert.Equal(2, receiver.Had.Count);
        Pass(app, 10);

        Assert.Equal(["begun", "over"], receiver.Had.Select(message => message.Json.GetProperty("event").GetString()));
        var (first, json) = (receiver.Had[0], receiver.Had[0].Json);
        Assert.Equal(("diskLow", "warning", app.Folder), (Text(json, "kind"), Text(json, "severity"), Text(json, "subject")));
        Assert.Equal(first.Key, Text(json, "key"));
        Assert.EndsWith("-1-begun", first.Key, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", string.Concat(app.App.Log.Of(60, 61, 62).Select(line => line.Text)), StringComparison.Ordinal);

        var parts = first.Signature!.Split(',');
        var expected = HMACSHA256.HashData("a secret"u8.ToArray(), Encoding.UTF8.GetBytes($"{parts[0][2..]}.{first.Body}"));
        Assert.Equal($"v1={Convert.ToHexStringLower(expected)}", parts[1]);
        Assert.Equal([LogLevel.Warning], app.App.Log.Of(60).Select(line => line.Level));
        app.App.Stop();
    }

    [Fact]
    public void A_receiver_that_is_down_for_an_hour_gets_each_once_and_in_order_when_it_is_back()
    {
        var isDown = true;
        using var receiver = new Receiver { Answer = (_, _) => Volatile.Read(ref isDown) ? 503 : 204 };
        using var app = new AlertedApp(To(receiver));
        app.Start();
        for (var minute = 0; minute < 60; minute += 10)
        {
            app.FreeBytes = minute % 20 == 0 ? 7 : null;
            Pass(app, 10);
        }

        Assert.Empty(receiver.Taken);
        Assert.InRange(receiver.Had.Count, 5, 40); // Pauses grow.
        Assert.Single(app.App.Log.Of(62));
        Volatile.Write(ref isDown, false);
        Pass(app, 6); // The longest pause.
        Assert.Equal(6, receiver.Taken.Count);

        Pass(app, 30);
        Assert.Equal(6, receiver.Had.Count(message => message.Status == 204));
        Assert.Equal(["1-begun", "1-over", "2-begun", "2-over", "3-begun", "3-over"], receiver.Taken.Select(key => key[(key.IndexOf('-') + 1)..]));
        Assert.Single(app.App.Log.Of(63));
        app.App.Stop();
    }

    [Fact]
    public void What_waits_and_what_is_active_survive_a_restart()
    {
        var isDown = true;
        using var receiver = new Receiver { Answer = (_, _) => Volatile.Read(ref isDown) ? 500 : 204 };
        using (var before = new AlertedApp(To(receiver), _folder.FullName))
        {
            before.Start();
            before.FreeBytes = 7;
            Pass(before, 1);
            Assert.True(receiver.Had.Count >= 1);
            before.App.Stop();
        }

        Volatile.Write(ref isDown, false);
        using var app = new AlertedApp(To(receiver), _folder.FullName) { FreeBytes = 7 };
        app.Start();
        Pass(app, 1);
        Assert.Single(receiver.Taken);
        Pass(app, 60);
        Assert.Equal(1, app.One(AlertKind.DiskLow).Id);
        app.FreeBytes = null;
        Pass(app, 2);
        Assert.Equal(2, receiver.Taken.Count);

        Assert.EndsWith("-1-over", receiver.Taken[1], StringComparison.Ordinal);
        Assert.Single(receiver.Had.Select(message => message.Key[..32]).Distinct());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.FullName, "sales.db.alerts")));
        app.App.Stop();
    }

    [Fact]
    public void A_receiver_for_which_too_many_wait_loses_the_oldest_which_is_told()
    {
        var isDown = true;
        using var receiver = new Receiver { Answer = (_, _) => Volatile.Read(ref isDown) ? 500 : 204 };
        using var app = new AlertedApp([.. To(receiver), ("Alerts:QueueCapacity", "10")]);
        app.Start();
        for (var i = 0; i < 20; i++)
        {
            app.FreeBytes = i % 2 == 0 ? 7 : null;
            Pass(app, 3);
        }

        var lost = app.One(AlertKind.AlertsLost);
        Assert.Equal((AlertSeverity.Critical, new Uri(receiver.Address).Authority), (lost.Severity, lost.Subject));
        Assert.Equal(lost.Count, app.App.Log.Of(64).Count);
        Volatile.Write(ref isDown, false);
        Pass(app, 6);
        Assert.True(receiver.Taken.Count >= 10);
        app.Pass(hours: 7);
        app.IsOver(AlertKind.AlertsLost);
        app.App.Stop();
    }

    [Fact]
    public void Redirects_are_not_followed_and_a_receiver_that_wants_to_be_left_alone_is()
    {
        using var elsewhere = new Receiver();
        using var receiver = new Receiver
        {
            Answer = (_, response) =>
            {
                response.RedirectLocation = elsewhere.Address;
                response.Headers["Retry-After"] = "1800";
                return 307;
            },
        };
        using var app = new AlertedApp(To(receiver));
        app.Start();
        app.FreeBytes = 7;
        Pass(app, 1);
        Assert.Single(receiver.Had);
        Pass(app, 28);

        Assert.Single(receiver.Had);
        Assert.Empty(elsewhere.Had);
        Assert.Contains("redirects are not followed", Assert.Single(app.App.Log.Of(62)).Text, StringComparison.Ordinal);
        app.App.Stop();
    }

    [Fact]
    public void A_program_reads_each_as_a_line_and_is_run_again_until_it_ends_with_0()
    {
        var (heard, gate) = (Path.Combine(_folder.FullName, "heard"), Path.Combine(_folder.FullName, "gate"));
        using var app = new AlertedApp(
        [
            ("Alerts:Program", "/bin/sh"), ("Alerts:Arguments:0", "-c"),
            ("Alerts:Arguments:1", $"cat >> '{heard}'; echo asked >> '{heard}.times'; test -e '{gate}' || {{ echo not now >&2; exit 3; }}"),
        ]);
        app.Start();
        var test = app.App.Time.WaitFor(app.Alerts.TestAsync());
        Pass(app, 0.05);
        Assert.Single(app.App.Log.Of(62));
        Assert.Contains("exit code 3", app.App.Log.Of(62)[0].Text, StringComparison.Ordinal);
        Assert.Contains("not now", app.App.Log.Of(62)[0].Text, StringComparison.Ordinal);
        File.WriteAllText(gate, "");
        Pass(app, 5);
        Assert.Single(app.App.Log.Of(63));

        var lines = File.ReadAllLines(heard);
        Assert.Equal(lines[0], lines[1]);
        Assert.Contains($"\"id\":{test.Id},\"kind\":\"test\"", lines[0], StringComparison.Ordinal);
        app.App.Stop();
    }

    [Fact]
    public void A_store_of_a_newer_program_ends_the_start_and_is_told_before_and_is_over_once_it_sells_again()
    {
        using var receiver = new Receiver();
        var path = Path.Combine(_folder.FullName, "sales.db");
        Sqlite.SqliteSalesStore.Open(new Sqlite.SqliteStoreOptions { Path = path }).Dispose();
        File.Copy(path, path + ".good");
        MarkAsNewer(path);
        using (var app = Make())
        {
            var refused = Assert.Throws<CannotSellException>(app.Start);

            Assert.Contains("use the newer program", refused.Message, StringComparison.Ordinal);
            var told = Assert.Single(receiver.Had).Json;
            Assert.Equal(("storeIsNewer", "critical"), (Text(told, "kind"), Text(told, "severity")));
        }

        File.Copy(path + ".good", path, overwrite: true);
        using var good = Make();
        good.Start();
        good.PassWithReceivers(TimeSpan.FromMinutes(1));
        Assert.Equal(["begun", "over"], receiver.Had.Select(had => had.Key.Split('-')[^1]));
        good.Stop();

        HostedApp Make() => new(builder => builder.UseSimulatedMarket().UseSqlite(), [.. To(receiver), ("Sqlite:Path", path)]);
    }

    [Fact]
    public void What_is_wrong_with_the_options_of_alerts_is_told_at_the_start()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket(), [
            ("Alerts:Webhooks:0:Address", "ftp://example.org"), ("Alerts:Webhooks:1:Name", "pager"), ("Alerts:QueueCapacity", "1"),
            ("Alerts:FeeLimitPercent", "101"), ("Alerts:NothingSoldFor", "00:00:00"), ("Alerts:Arguments:0", "x"),
        ]);

        var refused = Assert.Throws<OptionsValidationException>(app.Start);

        Assert.Equal(
            [
                "CodexSales:Alerts:QueueCapacity is 1; 10 to 100000 is expected.",
                "CodexSales:Alerts:FeeLimitPercent is 101; 1 to 100 is expected.",
                "CodexSales:Alerts:NothingSoldFor is 00:00:00; 00:01:00 to 365.00:00:00 is expected.",
                "CodexSales:Alerts:Program is not given; a program, with Arguments, is expected.",
                "CodexSales:Alerts:Webhooks:0:Address is no address; one that begins with https:// or http:// is expected.",
                "CodexSales:Alerts:Webhooks:1:Address is not given; an address is expected.",
            ],
            refused.Failures);
    }

    [Fact]
    public void A_secret_that_others_may_read_ends_the_start()
    {
        var secret = WriteSecret();
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        using var receiver = new Receiver();
        using var app = new AlertedApp([.. To(receiver), ("Alerts:Webhooks:0:SecretFile", secret)]);

        var refused = Assert.Throws<CannotSellException>(app.Start);

        Assert.Contains("Alerts:Webhooks:0:SecretFile: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("chmod 600", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_of_alerts_is_told_and_replaced()
    {
        var path = Path.Combine(_folder.FullName, "sales.db.alerts");
        File.WriteAllText(path, "{ half");
        using var app = new AlertedApp(folder: _folder.FullName);
        app.Start();
        app.FreeBytes = 7;
        Pass(app, 1);

        Assert.Single(app.App.Log.Of(65));
        Assert.Contains("DiskLow", File.ReadAllText(path), StringComparison.Ordinal);
        app.App.Stop();
    }

    [Fact]
    public void Receivers_secrets_and_thresholds_are_changed_while_it_runs_and_what_waits_goes_where_it_is_set_now()
    {
        var isDown = true;
        using var first = new Receiver { Answer = (_, _) => Volatile.Read(ref isDown) ? 503 : 204 };
        using var second = new Receiver();
        using var app = new AlertedApp([.. To(first), ("Alerts:Webhooks:0:Name", "pager")]);
        app.Start();
        app.FreeBytes = 7;
        Pass(app, 30);
        Assert.Empty(first.Taken);

        Set(app, ("Webhooks:0:Address", second.Address), ("Webhooks:0:SecretFile", WriteSecret()), ("FreeBytes", "5"));
        Pass(app, 0.1);
        Assert.EndsWith("-1-begun", Assert.Single(second.Taken), StringComparison.Ordinal);
        Assert.NotNull(second.Had[0].Signature);
        Pass(app, 3);
        Assert.EndsWith("-1-over", second.Taken[1], StringComparison.Ordinal); // 7 bytes are enough now.

        Volatile.Write(ref isDown, false);
        Set(app, ("Webhooks:1:Address", first.Address), ("FreeBytes", "10"));
        Pass(app, 1);
        Assert.Equal((1, 3), (first.Taken.Count, second.Taken.Count));
        Assert.Empty(app.App.Log.Of(16));
        app.App.Stop();
    }

    [Fact]
    public void A_receiver_that_is_one_no_more_is_told_nothing_and_what_waited_for_it_is_counted()
    {
        using var receiver = new Receiver { Answer = (_, _) => 503 };
        using var app = new AlertedApp(To(receiver));
        app.Start();
        app.FreeBytes = 7;
        Pass(app, 1);
        var had = receiver.Had.Count;

        using var other = new Receiver();
        Set(app, ("Webhooks:0:Address", other.Address));
        Pass(app, 10);

        Assert.InRange(receiver.Had.Count, had, had + 1); // One may have been on its way.
        Assert.Empty(other.Had);
        Assert.Contains("1 messages that waited for 127.0.0.1:", Assert.Single(app.App.Log.Of(67)).Text, StringComparison.Ordinal);
        app.App.Stop();
    }

    [Fact]
    public void A_secret_that_can_not_be_read_has_nothing_changed_while_it_runs()
    {
        using var first = new Receiver();
        using var second = new Receiver();
        using var app = new AlertedApp(To(first));
        app.Start();

        Set(app, ("Webhooks:0:Address", second.Address), ("Webhooks:0:SecretFile", "/nothing"));
        app.FreeBytes = 7;
        Pass(app, 1);

        Assert.Contains("Alerts:Webhooks:0:SecretFile: ", Assert.Single(app.App.Log.Of(6)).Text, StringComparison.Ordinal);

        var empty = WriteSecret();
        File.WriteAllText(empty, "\n");
        Set(app, ("Webhooks:0:SecretFile", empty));
        app.App.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.EndsWith($"{empty} is empty, but a secret is expected in it.", app.App.Log.Of(6)[^1].Text, StringComparison.Ordinal);
        Assert.Equal((1, 0), (first.Had.Count, second.Had.Count));
        app.App.Stop();
    }

    private static void Set(AlertedApp app, params (string Key, string Value)[] settings)
    {
        foreach (var (key, value) in settings)
        {
            app.App.Settings[$"CodexSales:Alerts:{key}"] = value;
        }

        ((Microsoft.Extensions.Configuration.IConfigurationRoot)app.App.Settings).Reload();
    }

    private static (string, string)[] To(Receiver receiver) => [("Alerts:Webhooks:0:Address", receiver.Address)];

    private static string? Text(System.Text.Json.JsonElement json, string name) => json.GetProperty(name).GetString();

    private static void Pass(AlertedApp app, double minutes) => app.App.PassWithReceivers(TimeSpan.FromMinutes(minutes));

    private static void MarkAsNewer(string path)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.Position = 60; // The version of whoever made it; see "Database File Format" of SQLite, section 1.3.
        file.Write([0, 0, 0, 99]);
    }

    private string WriteSecret()
    {
        var path = Path.Combine(_folder.FullName, "secret");
        File.WriteAllText(path, "a secret\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
