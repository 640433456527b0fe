namespace CodexSales.Rx.Web.Codex;

/// <summary>The text of a content id: base58btc, after a "z" but for the ids of version 0.</summary>
internal static class CidText
{
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int LongestId = 128; // Base58 takes the square of the length, and clients send what they like.

    public static string Of(ReadOnlySpan<byte> cid) =>
        cid.Length > LongestId ? $"f{Convert.ToHexStringLower(cid)}" // Base 16 by the same table of prefixes.
        : cid is [0x12, 0x20, ..] && cid.Length == 34 ? Encode(cid)
        : $"z{Encode(cid)}";

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digits = stackalloc byte[LongestId * 2];
        var count = 0;
        foreach (var value in bytes)
        {
            int carry = value;
            for (var place = 0; place < count || carry > 0; place++)
            {
                carry += place < count ? digits[place] << 8 : 0;
                digits[place] = (byte)(carry % Base58.Length);
                carry /= Base58.Length;
                count = Math.Max(count, place + 1);
            }
        }

        var zeros = bytes.IndexOfAnyExcept((byte)0) is >= 0 and var first ? first : bytes.Length;
        var text = new char[zeros + count];
        Array.Fill(text, Base58[0], 0, zeros);
        for (var place = 0; place < count; place++)
        {
            text[^(place + 1)] = Base58[digits[place]];
        }

        return new string(text);
    }
}
