namespace CodexSales.Node.Run;

/// <summary>The folder of <c>--data</c> and those in it, into which nobody but their owner may look.</summary>
internal static class OwnFolder
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder, if it is not there; one that is there stays as its owner has it.</summary>
    /// <exception cref="CannotRunException">A file has the name, or the folder can't be made.</exception>
    public static void Make(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                throw new IOException($"'{path}' is a file, but a folder is expected.");
            }

            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, Mode);
            }
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new CannotRunException($"--data: {unusable.Message}", unusable);
        }
    }
}
