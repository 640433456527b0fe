using System.Security.Cryptography;
using System.Text;
using CodexSales.Rx.Availabilities;

namespace CodexSales.Rx.Web.Codex;

/// <summary>
/// Ids as Codex clients know them: 32 bytes. The name of an availability that is one stands for itself; any other one is told by the
/// SHA-256 of its UTF-8, which stays the same over restarts.
/// </summary>
internal static class CodexIds
{
    public static Bytes32 Of(AvailabilityId name) =>
        Bytes32.TryParse($"{name}", out var id) ? id : new Bytes32(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}")));

    /// <summary>Of what an availability holds for a slot, which it does once at a time.</summary>
    public static Bytes32 Of(Hold hold)
    {
        Span<byte> names = stackalloc byte[2 * Bytes32.Size];
        Of(hold.AvailabilityId).CopyTo(names);
        hold.Slot.SlotId.Value.CopyTo(names[Bytes32.Size..]);
        return new Bytes32(SHA256.HashData(names));
    }

    /// <summary>The name of a new availability.</summary>
    public static AvailabilityId Draw() => new($"{new Bytes32(RandomNumberGenerator.GetBytes(Bytes32.Size))}");
}
