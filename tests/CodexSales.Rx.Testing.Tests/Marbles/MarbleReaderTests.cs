namespace CodexSales.Rx.Testing.Tests.Marbles;

public sealed class MarbleReaderTests
{
    [Fact]
    public void A_specification_that_holds_has_no_differences() =>
        Assert.Empty(MarbleRun.Of("small.marble", Specifications.Small()).Differences);

    [Theory]
    [InlineData("marble 1\n", "marble 2\n", "(1,1): the first line is 'marble 2', but 'marble 1' is expected.")]
    [InlineData("tick     10s", "tick\t10s", "(3,5): a tab stands here, but spaces are expected.")]
    [InlineData("tick     10s", "tick     10s\r", "(3,13): the line ends with CR LF, but LF is expected.")]
    [InlineData("title    A", "titel    A",
        "(2,1): 'titel' is not known; title, tick, break, period, finality, pipeline, options, source, covers are headings, and "
        + "symbols, agents, lanes are sections.")]
    [InlineData("tick     10s", "tick", "(3,5): the heading tick says nothing.")]
    [InlineData("tick     10s", "tick     10s\ntick     10s", "(4,1): the heading tick is there twice.")]
    [InlineData("tick     10s\n", "", "(24,1): there is no heading tick.")]
    [InlineData("\nagents\n", "\nagents\n\nbreak    2h\n", "(18,1): the heading break comes after a section.")]
    [InlineData("source   SalesPipeline", "  source", "(6,3): an indented line stands outside of a section.")]
    [InlineData("\nagents\n", "\nsymbols\n", "(16,1): the section symbols is there twice.")]
    [InlineData("\nlanes\n", "\n# lanes\n", "(25,1): there is no section lanes.")]
    public void The_outline_is_checked(string search, string replacement, string complaint) =>
        AssertComplaint(complaint, Specifications.Small(search, replacement));

    [Theory]
    [InlineData("tick     10s", "tick     1 s",
        "(3,10): '1 s' is no duration: a whole number above 0 and ms, s, m, h or d is expected.")]
    [InlineData("tick     10s", "tick     0s",
        "(3,10): '0s' is no duration: a whole number above 0 and ms, s, m, h or d is expected.")]
    [InlineData("break    1h", "break    1h\nperiod   500ms",
        "(5,10): '500ms' is given, but the chain counts whole seconds.")]
    [InlineData("break    1h", "pipeline agents", "(4,10): 'agents' is given, but agent or sales is expected.")]
    [InlineData("workers=1", "workers", "(5,10): 'workers' is given, but options are written as workers=3.")]
    [InlineData("workers=1", "workers=many", "(5,18): 'many' is given, but a whole number is expected.")]
    [InlineData("workers=1", "workers=9999",
        "(5,10): Workers is 9999; 0 to 1000 is expected. "
        + "(Parameter 'options')")]
    [InlineData("workers=1", "worker=1",
        "(5,10): there is no option worker; workers, maxWorkers, queue, maxRequests, seed, reserveDeadline, "
        + "downloadDeadline, downloadStallDeadline, proveDeadline, fillDeadline, answerDeadline, storageDeadline, "
        + "firstRetryDelay, longestRetryDelay, secondTryPause are the options.")]
    public void Headings_are_checked(string search, string replacement, string complaint) =>
        AssertComplaint(complaint, Specifications.Small(search, replacement));

    [Theory]
    [InlineData("B = -r1/1", "B -r1/1", "(12,3): a sign of one character, = and what it stands for are expected.")]
    [InlineData("B = -r1/1", "BB = -r1/1", "(12,3): a sign of one character, = and what it stands for are expected.")]
    [InlineData("B = -r1/1", "! = -r1/1",
        "(12,3): '!' can't be a sign: any printable character but - / : ^ ! | # and ? can.")]
    [InlineData("B = -r1/1", "A = -r1/1", "(12,3): 'A' is declared twice.")]
    [InlineData("D = r1/0 done", "D = r1/0 done\n  G = r1/0 done", "(14,3): 'G' is declared, but no lane uses it.")]
    [InlineData("va------/--", "vb------/--", "(21,19): 'b' is not declared.")]
    [InlineData("-A-B----/--", "-A-C----/--", "(22,21): 'C' is not declared.")]
    public void Symbols_are_checked(string search, string replacement, string complaint) =>
        AssertComplaint(complaint, Specifications.Small(search, replacement));

    [Theory]
    [InlineData("request r1", "ask r1", "(10,7): 'ask' is no input.")]
    [InlineData("request r1 slots", "request slots", "(10,15): 'slots=2' is given, but a name is expected.")]
    [InlineData(" price=2", "", "(10,18): price is missing.")]
    [InlineData("price=2", "price=two", "(10,42): 'two' is given, but an amount of tokens is expected.")]
    [InlineData("price=2", "reward=2",
        "(10,36): 'reward' is not known; slots, size, price, collateral, duration, expiry, loss are.")]
    [InlineData("price=2", "price", "(10,36): 'price' is given, but a name, = and a value are expected.")]
    [InlineData("price=2", "price=2 price=3", "(10,44): price is there twice.")]
    [InlineData("size=1GiB", "size=1GB",
        "(10,31): '1GB' is no size: a whole number and B, KiB, MiB, GiB or TiB is expected.")]
    [InlineData("v = availability v1 size=8GiB price=1", "v = filled r9/0", "(9,14): there is no request r9.")]
    [InlineData("v = availability v1 size=8GiB price=1", "v = filled r1/2",
        "(9,14): r1/2 is given, but r1 has only 2 slots.")]
    [InlineData("v = availability v1 size=8GiB price=1", "v = filled r1",
        "(9,14): 'r1' is no slot: a request, a slash and a number are expected, as r1/0.")]
    [InlineData("v = availability v1 size=8GiB price=1", "v = filled r1/0..1",
        "(9,14): 'r1/0..1' is given, but one slot is expected, as r1/0.")]
    [InlineData("v = availability v1 size=8GiB price=1", "v = revert proof r1/0",
        "(9,14): 'proof' is no event of the market.")]
    [InlineData("v = availability v1 size=8GiB price=1", "v = rpc down",
        "(9,11): 'down' is given, but lost or back is expected.")]
    [InlineData("v = availability v1 size=8GiB price=1", "v = events lost",
        "(9,14): 'lost' is given, but late or back is expected.")]
    [InlineData("v = availability v1 size=8GiB price=1", "v = challenge new",
        "(9,17): 'new' is given, but changed is expected.")]
    [InlineData("v = availability v1 size=8GiB price=1", "v = pause now", "(9,13): nothing is expected after pause.")]
    [InlineData("v = availability v1 size=8GiB price=1", "v = storage lost",
        "(9,15): 'lost' is given, but works, stalls or fails is expected.")]
    [InlineData("v = availability v1 size=8GiB price=1", "v = request r1 size=1GiB price=1",
        "(10,7): the request r1 is there twice.")]
    public void Inputs_are_checked(string search, string replacement, string complaint) =>
        AssertComplaint(complaint, Specifications.Small(search, replacement));

    [Theory]
    [InlineData("v = availability v1 size=8GiB price=1", "v = filled r1/0", "(21,18): there is no request r1 yet.")]
    [InlineData("v = availability v1 size=8GiB price=1", "v = landed r1/0", "(21,18): there is no request r1 yet.")]
    [InlineData("v = availability v1 size=8GiB price=1", "v = revert filled r1/0",
        "(21,18): 'filled r1/0' has not happened yet.")]
    public void What_can_not_happen_yet_is_told_where_its_sign_stands(
        string search, string replacement, string complaint) =>
        AssertComplaint(complaint, Specifications.Small(search, replacement));

    [Theory]
    [InlineData("B = -r1/1", "B = r1/1", "(12,7): 'r1/1' is no change: +, -, ~ or = and a slot are expected.")]
    [InlineData("B = -r1/1", "B = -r1/1 ;", "(12,14): a notification is expected.")]
    [InlineData("B = -r1/1", "B = -r1/1..0", "(12,11): '1..0' goes down.")]
    [InlineData("B = -r1/1", "B = -r1/100",
        "(12,11): 100 is given, but only the first 100 slots of a request can be named.")]
    [InlineData("B = -r1/1", "B = -r1/2", "(12,8): r1/2 is given, but r1 has only 2 slots.")]
    [InlineData("D = r1/0 done", "D = r1/0 over",
        "(13,7): 'r1/0 over' is no clean-up: a slot and one of done, ignored, errored, cancelled, failed are "
        + "expected.")]
    public void Outputs_are_checked(string search, string replacement, string complaint) =>
        AssertComplaint(complaint, Specifications.Small(search, replacement));

    [Theory]
    [InlineData("r1/* : --F-|", "r1/* --F-|", "(17,3): a slot, a colon and its sales are expected.")]
    [InlineData("r1/* : --F-|", "r1 : --F-|",
        "(17,3): 'r1' is no slot: a request, a slash and a number or * are expected.")]
    [InlineData("r1/* : --F-|", "r2/* : --F-|", "(17,3): there is no request r2.")]
    [InlineData("r1/* : --F-|", "r1/2 : --F-|", "(17,3): r1/2 is given, but r1 has only 2 slots.")]
    [InlineData("r1/* : --F-|", "r1/* : --F-|\n  r1/* : --F-|", "(18,3): r1/* has a script already.")]
    [InlineData("--F-|", "", "(17,9): a sale is expected, as ---F--|.")]
    [InlineData("--F-|", "F-|", "(17,10): a sale can't fill its slot in the column in which it starts.")]
    [InlineData("--F-|", "-FF-|", "(17,12): the slot is filled twice.")]
    [InlineData("--F-|", "-F-|-", "(17,14): the sale goes on after '|'.")]
    [InlineData("--F-|", "---|", "(17,13): a sale is paid only after F.")]
    [InlineData("--F-|", "-FX", "(17,12): 'X' can't come after F.")]
    [InlineData("--F-|", "-f-|", "(17,11): 'f' means nothing in a sale; -, F, |, #, I and X do.")]
    [InlineData("break    1h", "break    1h\npipeline agent",
        "(17,1): with 'pipeline agent' sales go as the ports answer: scripts have no place here.")]
    public void Scripts_are_checked(string search, string replacement, string complaint) =>
        AssertComplaint(complaint, Specifications.Small(search, replacement));

    [Theory]
    [InlineData("0----5--/--", "0---5---/--", "(20,22): 5 stands in column 4.")]
    [InlineData("0----5--/--", "-----5--/--", "(20,18): the ruler begins with 0.")]
    [InlineData("0----5--/--", "0----5--x--", "(20,26): 'x' means nothing on the ruler; numbers, - and / do.")]
    [InlineData("break    1h\n", "",
        "(19,26): a break stands here, but there is no heading that says how long it is.")]
    [InlineData("time         :", "times        :", "(20,3): the first lane is the ruler, as time : 0----5.")]
    [InlineData("-A-B----/--", "-A-B----/---", "(22,29): the lane has 12 columns, but the ruler has 11.")]
    [InlineData("-A-B----/--", "-A-B----/-", "(22,28): the lane has 10 columns, but the ruler has 11.")]
    [InlineData("-A-B----/--", "-A-B-------", "(22,26): column 8 is a break on the ruler, but not here.")]
    [InlineData("-A-B----/--", "-A-B-/--/--", "(22,23): column 5 is a break here, but not on the ruler.")]
    [InlineData("out queue    :", "out queue   :",
        "(22,17): the lane begins in column 17 of the text, but the ruler in column 18.")]
    [InlineData("out queue    :", "out queue    ", "(22,3): a lane is its name, a colon, one space and its columns.")]
    [InlineData("out queue    :", "out          :",
        "(22,3): time, in NAME, out NAME or run SLOT is expected before the colon.")]
    [InlineData("out queue    :", "off queue    :", "(22,3): 'off' is given, but in, out or run is expected.")]
    [InlineData("out queue    :", "out cueue    :",
        "(22,7): there is no output cueue; queue, late, starts, cleanups, steps, calls, books, refusals, troubles are "
        + "the outputs.")]
    [InlineData("-^-!----/--", "-^-X----/--", "(23,21): 'X' means nothing in a worker's lane; -, ^, ! and | do.")]
    [InlineData("out cleanups : -----D-E/--", "run r1/0     : -----D-E/--",
        "(24,23): 'D' means nothing in a worker's lane; -, ^, ! and | do.")]
    [InlineData("run r1/0     : -^-!----/--", "out queue    : -A-B----/--",
        "(23,3): the lane out queue is there twice.")]
    public void Lanes_are_checked(string search, string replacement, string complaint) =>
        AssertComplaint(complaint, Specifications.Small(search, replacement));

    private static void AssertComplaint(string complaint, string text)
    {
        var error = Assert.Throws<MarbleFormatException>(() => MarbleRun.Of("small.marble", text));

        Assert.Equal("small.marble" + complaint, error.Message);
    }
}
