namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>The chain: blocks, nodes.</summary>
internal sealed class ChainRules(AlertLimits limits)
{
    private readonly Persistence _down = new();

    public IEnumerable<Sign> Look(HostView view) => [.. Blocks(view), .. Nodes(view)];

    private IEnumerable<Sign> Blocks(HostView view)
    {
        if (view.Health.Head is { } head && view.Health.SinceHead >= limits.Now.BlocksStoppedAfter)
        {
            yield return new Sign(
                AlertKind.BlocksStopped,
                AlertSeverity.Critical,
                "",
                $"No block came since {head.Number}: nothing is sold, and no proof is made in time. Is the node in sync, and can it be reached?");
        }
    }

    private List<Sign> Nodes(HostView view)
    {
        var signs = view.Nodes.Where(node => node.Problem is not null && _down.Note(node.Endpoint, view.Now) >= limits.Now.FailingAfter)
            .Select(node => new Sign(
                AlertKind.EndpointDown,
                view.Nodes.All(other => other.Problem is not null) ? AlertSeverity.Critical : AlertSeverity.Warning,
                node.Endpoint,
                $"The node {node.Endpoint} is of no use: {node.Problem!.TrimEnd('.')}."))
            .ToList();
        _down.Next();
        return signs;
    }
}
