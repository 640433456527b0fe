namespace CodexSales.Rx.Tests;

/// <summary>Compares what the code says with a committed file that people read.</summary>
internal static class Approved
{
    /// <summary>Fails when they differ, and leaves what the code says beside the copy of the file.</summary>
    public static void Equal(string file, string actual)
    {
        var path = Path.Combine(AppContext.BaseDirectory, file);
        if (File.ReadAllText(path) != actual)
        {
            File.WriteAllText($"{path}.actual", actual);
            Assert.Fail($"{file} is not what the code says. To accept that, copy {path}.actual over the committed file.");
        }
    }
}
