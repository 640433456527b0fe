using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace CodexSales.Rx.Ethereum.Anvil;

/// <summary>
/// The programs of <c>tests/contracts</c>: a node and a compiler. They are installed and run when a test first needs
/// them, once for all processes that test at the same time.
/// </summary>
public static class ContractTools
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly Lazy<string> Installed = new(Install);
    private static readonly Lazy<string> Compiled = new(Compile);

    /// <summary>
    /// The file that <see cref="CompiledContract"/> reads. Its name has the hash of the sources, so that it is never of
    /// older ones.
    /// </summary>
    public static string CompiledContractsFile => Compiled.Value;

    /// <summary>The native program, of the package for this system or of the PATH.</summary>
    /// <exception cref="InvalidOperationException">There is neither.</exception>
    internal static string FindAnvil()
    {
        var program = OperatingSystem.IsWindows() ? "anvil.exe" : "anvil";
        var packages = Directory.CreateDirectory(Path.Combine(Installed.Value, "node_modules", "@foundry-rs"));
        var path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        string[] places =
        [
            .. packages.EnumerateDirectories().Select(package => Path.Combine(package.FullName, "bin", program)),
            .. path.Select(folder => Path.Combine(folder, program)),
        ];
        return places.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException(
            "No package of the anvil node fits this system: install Foundry, so that 'anvil' is on the PATH.");
    }

    /// <summary>What starts anvil and ends it with this process: see <c>anvil.mjs</c>.</summary>
    internal static ProcessStartInfo ToRunAnvil(IEnumerable<string> arguments) =>
        new("node", [Path.Combine(Installed.Value, "anvil.mjs"), FindAnvil(), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };

    private static string Install()
    {
        var folder = FindFolder();
        using var turn = Turn.Take(folder);

        // A file of our own says for which lock file the packages are, so a change of the lock file installs anew.
        var wanted = HashOf([Path.Combine(folder, "package-lock.json")]);
        var marker = Path.Combine(folder, "node_modules", ".installed");
        if (!File.Exists(marker) || File.ReadAllText(marker) != wanted)
        {
            Run(folder, OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "ci");
            File.WriteAllText(marker, wanted);
        }

        return folder;
    }

    private static string Compile()
    {
        var folder = Installed.Value;
        using var turn = Turn.Take(folder);
        var sources = Directory.GetFiles(Path.Combine(folder, "src"), "*.sol").Order(StringComparer.Ordinal);
        var hash = HashOf(
            [Path.Combine(folder, "compile.mjs"), Path.Combine(folder, "package-lock.json"), .. sources]);
        var compiled = Path.Combine(folder, "build", $"{hash}.json");
        if (!File.Exists(compiled))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(compiled)!);
            Run(folder, "node", "compile.mjs", compiled);
        }

        return compiled;
    }

    private static void Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        var printed = new StringBuilder();
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var command = string.Join(' ', [program, .. arguments]);
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"'{command}' in {folder} was not done after {Patience}.");
        }

        // Without a limit of time this also waits for the last of the output.
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{command}' in {folder} failed:\n{printed}");
        }

        void Add(string? line)
        {
            lock (printed)
            {
                printed.AppendLine(line);
            }
        }
    }

    /// <summary>Starts a program of Node.js, and says what to install when there is none.</summary>
    internal static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException(
                $"The tests on a real node need Node.js 18 or newer with npm: '{start.FileName}' is not on the PATH.",
                missing);
        }
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "contracts");
            if (File.Exists(Path.Combine(candidate, "package-lock.json")))
            {
                return candidate;
            }
        }

        throw new InvalidOperationException(
            $"No folder tests/contracts above {AppContext.BaseDirectory}: run the tests within the repository.");
    }

    private static string HashOf(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetFileName(file)}\0{new FileInfo(file).Length}\0"));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>One process at a time installs and compiles in a folder.</summary>
    private sealed class Turn : IDisposable
    {
        private readonly Mutex _mutex;

        private Turn(Mutex mutex) => _mutex = mutex;

        public static Turn Take(string folder)
        {
            var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
            var mutex = new Mutex(initiallyOwned: false, $@"Global\codexsales-contracts-{name}");
            try
            {
                if (!mutex.WaitOne(Patience))
                {
                    mutex.Dispose();
                    throw new InvalidOperationException($"Another process was at work in {folder} for {Patience}.");
                }
            }
            catch (AbandonedMutexException)
            {
                // The other process died in the middle. What it did not finish has no marker, and is done again.
            }

            return new Turn(mutex);
        }

        public void Dispose()
        {
            _mutex.ReleaseMutex();
            _mutex.Dispose();
        }
    }
}
