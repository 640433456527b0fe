namespace CodexSales.Rx.Local.Sources;

/// <summary>A content id as people and programs write it: "z" and the bytes in base 58.</summary>
/// <remarks>Source: multiformats, multibase prefix <c>z</c> (base58btc), as a Codex node shows content ids.</remarks>
internal static class CidText
{
    // The effort grows with the square of the length, and a client may ask for any number of bytes.
    public const int LongestBytes = 128;

    private const string Digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    public static string? Of(ImmutableArray<byte> cid)
    {
        if (cid.Length > LongestBytes)
        {
            return null;
        }

        // The least significant digit first.
        var digits = new List<int>();
        foreach (var next in cid.SkipWhile(b => b == 0))
        {
            int carry = next;
            for (var place = 0; place < digits.Count; place++)
            {
                carry += digits[place] << 8;
                (carry, digits[place]) = Math.DivRem(carry, Digits.Length);
            }

            for (; carry > 0; carry /= Digits.Length)
            {
                digits.Add(carry % Digits.Length);
            }
        }

        var zeros = cid.TakeWhile(b => b == 0).Select(_ => Digits[0]);
        return string.Concat(zeros.Prepend('z').Concat(digits.AsEnumerable().Reverse().Select(digit => Digits[digit])));
    }
}
