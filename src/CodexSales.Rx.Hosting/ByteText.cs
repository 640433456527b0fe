namespace CodexSales.Rx.Hosting;

/// <summary>Sizes as people read them.</summary>
internal static class ByteText
{
    private static readonly string[] _units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>"1.5 GiB".</summary>
    public static string Of(ulong bytes)
    {
        var unit = 0;
        double value = bytes;
        for (; value >= 1024 && unit < _units.Length - 1; unit++)
        {
            value /= 1024;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {_units[unit]}");
    }
}
