namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Reads what happens in the input lanes, and knows which requests and slots there are.</summary>
internal sealed class InputsReader
{
    private readonly ImmutableArray<MarbleSymbol> _symbols;
    private readonly ImmutableArray<MarbleLane> _lanes;
    private readonly Dictionary<char, ImmutableArray<MarbleInput>> _meanings = [];
    private readonly Dictionary<string, ulong> _slotsOf = [];

    public InputsReader(ImmutableArray<MarbleSymbol> symbols, ImmutableArray<MarbleLane> lanes)
    {
        (_symbols, _lanes) = (symbols, lanes);
        CheckSymbolsAreDeclared();
        var used = lanes.Where(lane => lane.Kind == LaneKind.Input).SelectMany(lane => lane.Body.Text).ToHashSet();
        var texts = symbols.Where(symbol => used.Contains(symbol.Sign)).ToList();
        foreach (var text in texts.SelectMany(symbol => symbol.Text.Split(';')))
        {
            if (InputText.TryReadRequest(text) is { } request && !_slotsOf.TryAdd(request.Name, request.Ask.Slots))
            {
                throw text.Error($"the request {request.Name} is there twice.");
            }
        }

        foreach (var symbol in texts)
        {
            _meanings.Add(symbol.Sign, [.. symbol.Text.Split(';').Select(text => InputText.Read(text, this))]);
        }
    }

    public ImmutableArray<PlacedInput> Read(MarbleRuler ruler) =>
    [
        .. from column in Enumerable.Range(0, ruler.Length)
           from lane in _lanes
           where lane.Kind == LaneKind.Input && _meanings.ContainsKey(lane.Body.Text[column])
           from input in _meanings[lane.Body.Text[column]]
           select new PlacedInput(column, input, lane.Body.Slice(column, 1)),
    ];

    public Fragment CheckRequest(Fragment name) => _slotsOf.ContainsKey(name.Text)
        ? name
        : throw name.Error($"there is no request {name.Text}.");

    public SlotName CheckSlot(Fragment at, SlotName slot) =>
        !_slotsOf.TryGetValue(slot.Request, out var slots) ? throw at.Error($"there is no request {slot.Request}.")
        : slot.Place >= slots ? throw at.Error($"{slot} is given, but {slot.Request} has only {slots} slots.")
        : slot;

    private void CheckSymbolsAreDeclared()
    {
        foreach (var lane in _lanes.Where(lane => lane.Kind != LaneKind.Worker))
        {
            for (var column = 0; column < lane.Body.Text.Length; column++)
            {
                var sign = lane.Body.Text[column];
                lane.Body.ThrowIf(
                    sign is not ('-' or '/') && _symbols.All(symbol => symbol.Sign != sign), $"'{sign}' is not declared.", column);
            }
        }
    }
}
