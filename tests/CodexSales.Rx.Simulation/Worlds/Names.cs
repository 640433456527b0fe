using System.Globalization;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Simulation.Worlds;

/// <summary>Short names for requests, by their numbers in the scenario.</summary>
internal sealed class Names
{
    private readonly Dictionary<RequestId, int> _numbers = [];
    private readonly Dictionary<int, RequestId> _ids = [];

    public void Add(int number, RequestId id)
    {
        _numbers[id] = number;
        _ids[number] = id;
    }

    public bool TryFind(int number, out RequestId id) => _ids.TryGetValue(number, out id);

    public string Of(RequestId id) => _numbers.TryGetValue(id, out var number)
        ? string.Create(CultureInfo.InvariantCulture, $"R{number}")
        : "R?";

    public string Of(SlotKey slot) =>
        string.Create(CultureInfo.InvariantCulture, $"{Of(slot.RequestId)}/{slot.SlotIndex}");
}
