namespace CodexSales.Tests;

/// <summary>What a test needs of the system that it runs on; on another one it is skipped, and says so. Most need nothing.</summary>
internal static class Needs
{
    public static void Unix(string what) => Assert.SkipWhen(OperatingSystem.IsWindows(), $"Needs Unix: {what}.");

    public static void Linux(string what) => Assert.SkipUnless(OperatingSystem.IsLinux(), $"Needs Linux: {what}.");

    public static void LinuxRoot(string what) =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, $"Needs root on Linux: {what}.");
}
