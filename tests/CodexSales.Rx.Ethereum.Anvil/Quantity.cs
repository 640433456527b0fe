using System.Globalization;
using System.Text.Json;

namespace CodexSales.Rx.Ethereum.Anvil;

/// <summary>Numbers as nodes write them: hexadecimal digits after "0x".</summary>
internal static class Quantity
{
    public static string Of(ulong number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}");

    public static ulong Read(JsonElement quantity) =>
        ulong.Parse(quantity.GetString().AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
