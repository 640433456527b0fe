using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>A screenshot in PNG, kept beside the tests.</summary>
internal sealed record Picture(int Width, int Height, int DifferentLines)
{
    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;

    public static async Task<Picture> TakeAsync(IPage page, string name, bool isWhole = true)
    {
        var bytes = await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, $"{name}.png"), FullPage = isWhole });
        return Read(bytes);
    }

    // Lines that are all alike are blank paper: of a page with something on it, many differ.
    private static Picture Read(byte[] png)
    {
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        using var packed = new MemoryStream();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (Encoding.ASCII.GetString(png, at + 4, 4) == "IDAT")
            {
                packed.Write(png, at + 8, length);
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var lines = new ZLibStream(packed, CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        lines.CopyTo(unpacked);
        var bytesPerLine = (int)unpacked.Length / height;
        return new Picture(width, height, Enumerable.Range(0, height)
            .Select(line => Convert.ToBase64String(unpacked.GetBuffer(), line * bytesPerLine, bytesPerLine))
            .Distinct()
            .Count());
    }
}
