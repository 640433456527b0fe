namespace CodexSales.Rx.Testing.Tests.Marbles;

/// <summary>The specifications of the repository.</summary>
internal static class Specifications
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "marbles");

    public static IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*.marble")
        .Select(path => Path.GetFileName(path))
        .Order(StringComparer.Ordinal);

    public static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public static MarbleRun Run(string file) => MarbleRun.Of(file, Text(file));

    /// <summary>A small specification that holds: one slot, one worker.</summary>
    public static string Small(string search = "", string replacement = "")
    {
        var text = """
            marble 1
            title    A slot is filled and paid
            tick     10s
            break    1h
            options  workers=1
            source   SalesPipeline

            symbols
              v = availability v1 size=8GiB price=1
              a = request r1 slots=2 size=1GiB price=2
              A = +r1/0..1 ; -r1/0
              B = -r1/1
              D = r1/0 done
              E = r1/1 done

            agents
              r1/* : --F-|

            lanes
              time         : 0----5--/--
              in  events   : va------/--
              out queue    : -A-B----/--
              run r1/0     : -^-!----/--
              out cleanups : -----D-E/--

            """;
        Assert.Contains(search, text, StringComparison.Ordinal);
        return search.Length == 0 ? text : text.Replace(search, replacement, StringComparison.Ordinal);
    }
}
