namespace CodexSales.Rx.Hosting;

/// <summary>The operator's program as a file, looked at before anything is sold that would need it.</summary>
internal static class HookFile
{
    private const UnixFileMode Executable =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The sentence why it can't be run; null when it can.</summary>
    /// <param name="program">A path, or a name that is looked up in the folders of <c>PATH</c>.</param>
    public static string? FindFault(string program)
    {
        var found = Places(program).FirstOrDefault(File.Exists);
        return found is null && Directory.Exists(program) ? $"Hooks:Program: '{program}' is a folder, but a program is expected."
            : found is null ? $"Hooks:Program: '{program}' is given, but there is no such program."
            : OperatingSystem.IsWindows() || (File.GetUnixFileMode(found) & Executable) != 0 ? null
            : $"Hooks:Program: {found} may not be run: change that with \"chmod u+x\" first.";
    }

    private static IEnumerable<string> Places(string program) => program.Contains(Path.DirectorySeparatorChar)
        ? [program]
        : (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => new[] { Path.Combine(folder, program), Path.Combine(folder, program + ".exe") });
}
