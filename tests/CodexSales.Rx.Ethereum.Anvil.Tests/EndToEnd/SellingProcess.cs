using System.Diagnostics;
using System.Globalization;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

/// <summary>
/// A <see cref="SellingHost"/> in a process of its own, which tells of each block and each step, until it is killed.
/// </summary>
internal sealed class SellingProcess : IDisposable
{
    private readonly Process _process;

    public SellingProcess(HostSettings settings) => _process = Process.Start(new ProcessStartInfo(
        Path.Combine(AppContext.BaseDirectory, "CodexSales.Rx.Ethereum.Anvil.Tests"),
        ["sell", $"{settings.Node}", $"{settings.Marketplace}", $"{settings.Account}", settings.StorePath])
    {
        RedirectStandardOutput = true,
    })!;

    /// <summary>How many lines it has told.</summary>
    public int Lines { get; private set; }

    /// <summary>How many sales were under way when it told of the last block.</summary>
    public int? Running { get; private set; }

    /// <summary>What the process does.</summary>
    public static async Task SellAsync(HostSettings settings)
    {
        using var host = new SellingHost(settings)
        {
            Told = step => Console.Out.WriteLine($"sale {step.Sale.Number} {step.State}"),
        };
        using var heads = host.Heads.Subscribe(
            head => Console.Out.WriteLine($"head {head.Number} {host.Pipeline.Sales.Count}"));
        await host.RunAsync();
        await host.Failure;
    }

    /// <summary>Waits until it has told of a block, or has told so many lines.</summary>
    public async Task ReachAsync(ulong block, int mostLines, CancellationToken cancellation)
    {
        while (Lines < mostLines)
        {
            var line = await _process.StandardOutput.ReadLineAsync(cancellation)
                ?? throw new InvalidOperationException("The selling process ended by itself.");
            Lines++;
            if (line.Split(' ') is ["head", var number, var running])
            {
                Running = int.Parse(running, CultureInfo.InvariantCulture);
                if (ulong.Parse(number, CultureInfo.InvariantCulture) >= block)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Kills it in the midst of what it does (SIGKILL).</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellation);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
