using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.StartUp;

namespace CodexSales.Node.Run;

/// <summary>Checks whether chain, contract, key and account fit together. Retries until the node answers.</summary>
internal sealed class ChainStart(RunOptions options, IRpcLink link, ISigner signer, RunLines lines, IScheduler core)
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRequestEver = TimeSpan.FromDays(3_650);

    private string? _told;

    /// <summary>Waits until all of it fits; throws where no waiting will change that it does not.</summary>
    public async Task<ChainInfo> FindAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await CheckAsync(cancellation).ConfigureAwait(false);
            }
            catch (MarketUnavailableException unavailable)
            {
                Tell(unavailable.Message);
            }

            await core.Sleep(AskAgainAfter, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<ChainInfo> CheckAsync(CancellationToken cancellation)
    {
        var check = new ChainCheck(link, options.Marketplace, signer, options.ChainId, options.Account);
        var fault = await check.FindFaultAsync(cancellation).ConfigureAwait(false);
        switch (fault?.Kind)
        {
            case ChainFaultKind.Unavailable:
                throw new MarketUnavailableException(fault.Sentence);

            // Both may be mended while it runs; until then sales that can't be paid for are refused.
            case ChainFaultKind.NoEther or ChainFaultKind.NoTokens:
                lines.Say("account", fault.Sentence);
                break;

            case not null:
                throw new CannotRunException(fault.Sentence);
        }

        var id = await ChainCheck.GetChainIdAsync(link, cancellation).ConfigureAwait(false);
        var configuration = await new MarketplaceCalls(link, options.Marketplace, signer.Account)
            .GetConfigurationAsync(cancellation).ConfigureAwait(false);
        var longest = Math.Clamp(configuration.RequestDurationLimitSeconds, 1, (ulong)LongestRequestEver.TotalSeconds);
        return new ChainInfo(id, TimeSpan.FromSeconds(longest));
    }

    private void Tell(string problem)
    {
        if (problem != _told)
        {
            _told = problem;
            lines.Say("chain", $"{problem.TrimEnd('.')}. It is asked again every {AskAgainAfter.TotalSeconds} s.");
        }
    }
}
