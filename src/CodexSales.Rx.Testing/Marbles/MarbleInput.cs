namespace CodexSales.Rx.Testing.Marbles;

/// <summary>An input of a lane.</summary>
internal sealed record PlacedInput(int Column, MarbleInput Input, Fragment At);

/// <summary>Something that happens to a run, or is done with it.</summary>
internal sealed record MarbleInput(Action<SpecRun> Play, RequestInput? Request = null);

/// <summary>A client asks for storage.</summary>
internal sealed record RequestInput(string Name, StorageAsk Ask, ulong ExpirySeconds);

internal enum PortMode
{
    /// <summary>At once, as it should.</summary>
    Works,

    /// <summary>Gives no answer until it works, or fails.</summary>
    Stalls,

    /// <summary>Fails. A transaction is refused by the contract.</summary>
    Fails,

    /// <summary>Transactions only: it is in doubt, and never lands.</summary>
    Lost,

    /// <summary>Transactions only: it is in doubt, and has landed.</summary>
    Unconfirmed,
}
