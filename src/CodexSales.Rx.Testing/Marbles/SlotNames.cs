using System.Text;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>The meaning of names of requests and slots in a specification.</summary>
internal sealed class SlotNames
{
    private readonly Dictionary<RequestId, string> _requests = [];
    private readonly Dictionary<SlotName, SlotKey> _keys = [];
    private readonly Dictionary<SlotKey, SlotName> _names = [];

    /// <summary>Names each request's slots in the order in which this host goes through them. The pipeline's seed draws
    /// it, so a pipeline is asked, one that sells nothing, request by request.</summary>
    public static SlotNames Of(MarbleSpec spec)
    {
        var names = new SlotNames();
        var time = new VirtualTime();
        var contract = new ScriptedContract(time, names);
        using var market = new ScriptedMarket(time, contract, new OpenCalls());
        using var storage = new ScriptedStorage(new OpenCalls());
        using var prover = new ScriptedProver(new OpenCalls());
        using var pipeline = new SalesPipeline(
            market,
            storage,
            prover,
            new SalesPipelineOptions { Workers = 0, QueueCapacity = (int)SlotName.Most, Seed = spec.Options.Seed },
            time);
        _ = pipeline.StartAsync();
        pipeline.Availabilities.SaveAsync(Everything);
        foreach (var request in spec.Inputs.Select(each => each.Input.Request).OfType<RequestInput>())
        {
            var id = IdOf(request.Name);
            if (names._requests.TryAdd(id, request.Name))
            {
                contract.Ask(request);
                time.RunDue();
                names.Learn(request.Name, pipeline);
                contract.Cancel(id);
                time.RunDue();
            }
        }

        return names;
    }

    public static RequestId IdOf(string request)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        bytes.Clear();
        Encoding.UTF8.GetBytes(request.AsSpan(0, Math.Min(request.Length, 10)), bytes);
        return new RequestId(new Bytes32(bytes));
    }

    public string NameOf(RequestId request) => _requests.GetValueOrDefault(request, request.ToShortString());

    public SlotKey KeyOf(SlotName slot) =>
        _keys.TryGetValue(slot, out var key) ? key : new SlotKey(IdOf(slot.Request), slot.Place);

    public string NameOf(SlotKey slot) => _names.TryGetValue(slot, out var name)
        ? name.ToString()
        : new SlotName(NameOf(slot.RequestId), slot.SlotIndex).ToString();

    private static Availability Everything => new()
    {
        Id = new AvailabilityId("everything"),
        TotalBytes = ulong.MaxValue,
        MaxDurationSeconds = ulong.MaxValue,
        MinPricePerBytePerSecond = 0,
        TotalCollateral = UInt256.MaxValue,
    };

    private void Learn(string request, SalesPipeline pipeline)
    {
        foreach (var slot in pipeline.Queue.Snapshot.Items.Where(slot => slot.Terms.RequestId == IdOf(request)))
        {
            var name = new SlotName(request, slot.Arrival.Ordinal);
            _keys[name] = slot.Slot;
            _names[slot.Slot] = name;
        }
    }
}
