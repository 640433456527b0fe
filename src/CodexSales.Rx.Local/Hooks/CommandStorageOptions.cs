namespace CodexSales.Rx.Local.Hooks;

/// <summary>
/// The hooks of a <see cref="CommandStorage"/>. They may be one program: what it reads says what to do.
/// </summary>
public sealed record CommandStorageOptions
{
    /// <summary>Fetches a slot's data.</summary>
    public required CommandHook Store { get; init; }

    /// <summary>Keeps a slot's data until a later moment.</summary>
    public required CommandHook KeepUntil { get; init; }

    /// <summary>Deletes a slot's data.</summary>
    public required CommandHook Clear { get; init; }

    internal void Validate()
    {
        var errors = Store.Errors().Select(error => $"{nameof(Store)}.{error}")
            .Concat(KeepUntil.Errors().Select(error => $"{nameof(KeepUntil)}.{error}"))
            .Concat(Clear.Errors().Select(error => $"{nameof(Clear)}.{error}"))
            .ToList();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors), "options");
        }
    }
}
