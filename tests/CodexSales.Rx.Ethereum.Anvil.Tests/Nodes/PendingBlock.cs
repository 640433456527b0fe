namespace CodexSales.Rx.Ethereum.Anvil.Tests.Nodes;

/// <summary>Which block "pending" is.</summary>
internal enum PendingBlock
{
    /// <summary>The one that comes next.</summary>
    Next,

    /// <summary>The newest one.</summary>
    Latest,

    /// <summary>None: it is an error.</summary>
    Refused,

    /// <summary>Two behind the newest one.</summary>
    Behind,
}
