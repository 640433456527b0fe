using System.Text.Json;

namespace CodexSales.Node.Tests.Replay;

/// <summary>A list that is kept by nothing but printed changes.</summary>
internal sealed class PrintedQueue
{
    public List<(string RequestId, ulong SlotIndex)> Slots { get; } = [];

    /// <summary>Applies a "queue" line the way in which the README says it.</summary>
    public void Apply(JsonElement line)
    {
        foreach (var change in line.GetProperty("changes").EnumerateArray())
        {
            ApplyChange(change);
        }

        Assert.Equal(line.GetProperty("count").GetInt32(), Slots.Count);
    }

    private void ApplyChange(JsonElement change)
    {
        var slot = SlotOf(change);
        var position = change.GetProperty("position").GetInt32();
        var before = change.GetProperty("previousPosition").GetInt32();
        var op = change.GetProperty("op").GetString();
        Assert.Equal((op is "add", op is "remove"), (before == -1, position == -1));
        if (before >= 0)
        {
            Assert.Equal(slot, Slots[before]);
            Slots.RemoveAt(before);
        }

        if (position >= 0)
        {
            Slots.Insert(position, slot);
        }
    }

    public static (string RequestId, ulong SlotIndex) SlotOf(JsonElement json) =>
        (json.GetProperty("requestId").GetString()!, json.GetProperty("slotIndex").GetUInt64());
}
