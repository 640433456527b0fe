using System.Text;
using CodexSales.Rx.Ethereum.LocalKey;

namespace CodexSales.Rx.Web.Settings;

/// <summary>The file with the token.</summary>
internal static class TokenFile
{
    private const int ShortestToken = 16;

    /// <summary>What is wrong with it, in a sentence that does not repeat it; null when nothing is.</summary>
    public static string? FindFault(string? path)
    {
        try
        {
            return path is null || IsToken(Read(path))
                ? null
                : $"Web:TokenFile: {path} holds no token: at least {ShortestToken} visible ASCII characters are expected.";
        }
        catch (KeyFileException unusable)
        {
            return $"Web:TokenFile: {unusable.Message}";
        }
    }

    /// <summary>The token, in UTF-8.</summary>
    /// <exception cref="KeyFileException">It can't be read, or by others than its owner.</exception>
    public static byte[] Read(string path) => Encoding.UTF8.GetBytes(PrivateFile.ReadText(path));

    private static bool IsToken(byte[] text) => text.Length >= ShortestToken && text.All(letter => letter is > 0x20 and < 0x7f);
}
