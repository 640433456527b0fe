namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Reads a specification from top to bottom: headings, then the sections symbols, agents and lanes.</summary>
internal sealed class MarbleReader
{
    private const string Version = "marble 1";

    private static readonly string[] HeadingNames =
        ["title", "tick", "break", "period", "finality", "pipeline", "options", "source", "covers"];

    private static readonly string[] SectionNames = ["symbols", "agents", "lanes"];

    private readonly string _file;
    private readonly ImmutableArray<string> _lines;
    private readonly Dictionary<string, Fragment> _headings = [];
    private readonly Dictionary<string, List<Fragment>> _sections = [];

    public MarbleReader(string file, string text) => (_file, _lines) = (file, [.. text.Split('\n')]);

    private Fragment FirstLine => new(_file, 1, 1, _lines[0]);

    private Fragment LastLine => new(_file, _lines.Length, 1, "");

    public MarbleSpec Read()
    {
        SplitIntoHeadingsAndSections();
        var tick = Quantities.Duration(Heading("tick"));
        var pause = Find("break") is { } given ? Quantities.Duration(given) : default(TimeSpan?);
        var isAgentLevel = IsAgentLevel();
        var symbols = ReadSymbols();
        var (ruler, lanes) = new LanesReader(Section("lanes"), tick, pause).Read();
        var inputs = new InputsReader(symbols, lanes);
        var scripts = isAgentLevel && _sections.TryGetValue("agents", out var agents)
            ? throw agents[0].Error("with 'pipeline agent' sales go as the ports answer: scripts have no place here.")
            : ReadScripts(inputs);
        CheckSymbolsAreUsed(symbols, lanes);
        CheckOutputs(symbols, lanes, inputs);
        return new MarbleSpec
        {
            File = _file,
            Lines = _lines,
            Title = Heading("title").Text,
            Source = Find("source")?.Text,
            Tick = tick,
            Break = pause,
            ProofPeriodSeconds = Find("period") is { } period
                ? Quantities.Seconds(period)
                : Math.Max(1, (ulong)tick.TotalSeconds),
            FinalitySeconds = Find("finality") is { } finality ? Quantities.Seconds(finality) : 0,
            IsAgentLevel = isAgentLevel,
            Options = OptionsReader.Read(Find("options")),
            OptionsText = Find("options"),
            Covers = [.. Find("covers")?.Words() ?? []],
            Symbols = symbols,
            Scripts = scripts,
            Ruler = ruler,
            Lanes = lanes,
            Inputs = inputs.Read(ruler),
        };
    }

    private void SplitIntoHeadingsAndSections()
    {
        FirstLine.ThrowIf(
            _lines[0] != Version, $"the first line is '{_lines[0].TrimEnd('\r')}', but '{Version}' is expected.");
        List<Fragment>? section = null;
        for (var at = 0; at < _lines.Length; at++)
        {
            var line = new Fragment(_file, at + 1, 1, _lines[at]);
            CheckCharacters(line);
            var words = line.Trim();
            if (at == 0 || words.IsEmpty || words.Text.StartsWith("# ", StringComparison.Ordinal))
            {
                continue;
            }

            if (words.Column > 1)
            {
                (section ?? throw words.Error("an indented line stands outside of a section.")).Add(words);
            }
            else if (SectionNames.Contains(words.Text))
            {
                section = _sections.TryAdd(words.Text, [words])
                    ? _sections[words.Text]
                    : throw words.Error($"the section {words.Text} is there twice.");
            }
            else
            {
                ReadHeading(words, section is not null);
            }
        }
    }

    private static void CheckCharacters(Fragment line)
    {
        var (tab, carriage) = (line.Text.IndexOf('\t', StringComparison.Ordinal), line.Text.IndexOf('\r', StringComparison.Ordinal));
        line.ThrowIf(tab >= 0, "a tab stands here, but spaces are expected.", tab);
        line.ThrowIf(carriage >= 0, "the line ends with CR LF, but LF is expected.", carriage);
    }

    private void ReadHeading(Fragment line, bool isLate)
    {
        var (name, value) = line.FirstWord();
        name.ThrowIf(
            !HeadingNames.Contains(name.Text),
            $"'{name.Text}' is not known; {string.Join(", ", HeadingNames)} are headings, and "
            + $"{string.Join(", ", SectionNames)} are sections.");
        name.ThrowIf(isLate, $"the heading {name.Text} comes after a section.");
        value.ThrowIf(value.IsEmpty, $"the heading {name.Text} says nothing.");
        name.ThrowIf(!_headings.TryAdd(name.Text, value), $"the heading {name.Text} is there twice.");
    }

    private bool IsAgentLevel() => Find("pipeline") is { } level
        && (level.Text is "agent" or "sales"
            ? level.Text == "agent"
            : throw level.Error($"'{level.Text}' is given, but agent or sales is expected."));

    private ImmutableArray<MarbleSymbol> ReadSymbols()
    {
        var symbols = ImmutableArray.CreateBuilder<MarbleSymbol>();
        foreach (var line in Section("symbols").Skip(1))
        {
            if (line.Cut('=') is not ({ Text.Length: 1 } sign, { IsEmpty: false } text))
            {
                throw line.Error("a sign of one character, = and what it stands for are expected.");
            }

            sign.ThrowIf(
                "-/:^!|#?".Contains(sign.Text[0], StringComparison.Ordinal) || sign.Text[0] is <= ' ' or > '~',
                $"'{sign.Text}' can't be a sign: any printable character but - / : ^ ! | # and ? can.");
            symbols.Add(symbols.All(other => other.Sign != sign.Text[0])
                ? new MarbleSymbol(sign.Text[0], text, sign)
                : throw sign.Error($"'{sign.Text}' is declared twice."));
        }

        return symbols.ToImmutable();
    }

    private ImmutableArray<MarbleScript> ReadScripts(InputsReader inputs)
    {
        var scripts = ImmutableArray.CreateBuilder<MarbleScript>();
        foreach (var line in _sections.GetValueOrDefault("agents", []).Skip(1))
        {
            if (line.Cut(':') is not var (slot, sales))
            {
                throw line.Error("a slot, a colon and its sales are expected.");
            }

            var script = ReadScript(slot, [.. sales.Split(';').Select(SaleScript.Read)], inputs);
            scripts.Add(scripts.All(other => (other.Request, other.Place) != (script.Request, script.Place))
                ? script
                : throw slot.Error($"{slot.Text} has a script already."));
        }

        return scripts.ToImmutable();
    }

    private static MarbleScript ReadScript(Fragment slot, ImmutableArray<SaleScript> sales, InputsReader inputs)
    {
        if (slot.Cut('/') is not ({ IsEmpty: false } request, { IsEmpty: false } place))
        {
            throw slot.Error($"'{slot.Text}' is no slot: a request, a slash and a number or * are expected.");
        }

        inputs.CheckRequest(request);
        return new MarbleScript(
            request.Text, place.Text == "*" ? null : inputs.CheckSlot(slot, SlotName.Read(slot)).Place, sales);
    }

    private static void CheckSymbolsAreUsed(
        ImmutableArray<MarbleSymbol> symbols, ImmutableArray<MarbleLane> lanes)
    {
        var used = lanes.SelectMany(lane => lane.Body.Text).ToHashSet();
        if (symbols.FirstOrDefault(symbol => !used.Contains(symbol.Sign)) is { } unused)
        {
            throw unused.At.Error($"'{unused.Sign}' is declared, but no lane uses it.");
        }
    }

    private static void CheckOutputs(
        ImmutableArray<MarbleSymbol> symbols, ImmutableArray<MarbleLane> lanes, InputsReader inputs)
    {
        foreach (var lane in lanes.Where(lane => lane.Kind == LaneKind.Output))
        {
            foreach (var symbol in symbols.Where(lane.Uses))
            {
                OutputText.Read(lane.Name, symbol.Text, inputs);
            }
        }
    }

    private Fragment Heading(string name) =>
        Find(name) ?? throw LastLine.Error($"there is no heading {name}.");

    private Fragment? Find(string name) => _headings.TryGetValue(name, out var value) ? value : null;

    private List<Fragment> Section(string name) =>
        _sections.TryGetValue(name, out var lines) ? lines : throw LastLine.Error($"there is no section {name}.");
}
