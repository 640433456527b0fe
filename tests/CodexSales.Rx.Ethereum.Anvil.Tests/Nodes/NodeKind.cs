namespace CodexSales.Rx.Ethereum.Anvil.Tests.Nodes;

/// <summary>How a node answers: as real ones do, one of which answers as anvil.</summary>
public enum NodeKind
{
    /// <summary>As anvil does: "pending" is the block that comes next.</summary>
    Direct,

    /// <summary>"pending" is the newest block.</summary>
    PendingIsLatest,

    /// <summary>"pending" is an error.</summary>
    PendingIsRefused,

    /// <summary>"pending" is two blocks behind the newest one.</summary>
    PendingIsBehind,

    /// <summary>It knows no block newer than two behind the newest one, and nothing that is in those.</summary>
    Behind,

    /// <summary>
    /// Each message is answered by one of two back ends, and of three in a row not all by the same. One of them is as
    /// <see cref="Direct"/>, the other one as <see cref="Behind"/>.
    /// </summary>
    Balanced,
}
