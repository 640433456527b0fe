namespace CodexSales.Rx.Testing.Marbles;

/// <summary>A lane: a row of the diagram.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Name">Its name; for a worker, the slot.</param>
/// <param name="Head">What stands before the colon, as it is written.</param>
/// <param name="Body">Its columns.</param>
internal sealed record MarbleLane(LaneKind Kind, string Name, string Head, Fragment Body)
{
    public string FullName => $"{Prefix} {Name}";

    public bool Uses(MarbleSymbol symbol) => Body.Text.Contains(symbol.Sign, StringComparison.Ordinal);

    private string Prefix => Kind switch
    {
        LaneKind.Input => "in",
        LaneKind.Output => "out",
        _ => "run",
    };
}

internal enum LaneKind
{
    Input,

    Output,

    Worker,
}

/// <summary>A sign and what it stands for.</summary>
/// <param name="Sign">One printable character.</param>
/// <param name="Text">What it stands for.</param>
/// <param name="At">Where it is declared.</param>
internal sealed record MarbleSymbol(char Sign, Fragment Text, Fragment At);
