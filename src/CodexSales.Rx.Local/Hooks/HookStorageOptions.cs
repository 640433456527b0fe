namespace CodexSales.Rx.Local.Hooks;

/// <summary>The hooks of a <see cref="HookStorage"/>; they may be one program, which reads what to do.</summary>
public sealed record HookStorageOptions
{
    /// <summary>Fetches a slot's data.</summary>
    public required HookCommand Store { get; init; }

    /// <summary>Keeps a slot's data until a later moment.</summary>
    public required HookCommand KeepUntil { get; init; }

    /// <summary>Deletes a slot's data.</summary>
    public required HookCommand Clear { get; init; }

    /// <summary>All that is wrong with them, a sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> FindErrors() =>
    [
        .. Store.FindErrors().Select(error => $"{nameof(Store)}.{error}"),
        .. KeepUntil.FindErrors().Select(error => $"{nameof(KeepUntil)}.{error}"),
        .. Clear.FindErrors().Select(error => $"{nameof(Clear)}.{error}"),
    ];
}
