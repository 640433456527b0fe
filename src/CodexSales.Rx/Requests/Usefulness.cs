namespace CodexSales.Rx.Requests;

/// <summary>The worth of remembering a request: the lowest gives way when there are too many.</summary>
/// <param name="Use">What can be done with it.</param>
/// <param name="OverSince">Of those that are over, the one that is so for longest gives way first.</param>
/// <param name="Reward">Of the others, the one that pays least for a slot.</param>
/// <param name="Sequence">Of equal ones, the one that came last.</param>
internal readonly record struct Usefulness(RequestUse Use, UnixSeconds OverSince, UInt256 Reward, long Sequence)
    : IComparable<Usefulness>
{
    public int CompareTo(Usefulness other) =>
        (Use, OverSince, Reward, other.Sequence).CompareTo((other.Use, other.OverSince, other.Reward, Sequence));

    /// <summary>Why it gives way, in words that end a sentence.</summary>
    public string Reason => Use switch
    {
        RequestUse.Over => "it is over",
        RequestUse.NothingOpen => "none of its slots can be filled",
        RequestUse.NotTaken => "no availability takes its slots",
        _ => $"it pays least, {Reward} for a slot",
    };
}

/// <summary>The use of a request, the least useful first.</summary>
internal enum RequestUse
{
    /// <summary>Nothing any more, unless an event that comes late says otherwise.</summary>
    Over,

    /// <summary>Nothing now: all of its slots are filled or reserved.</summary>
    NothingOpen,

    /// <summary>Some of its slots can be filled, but no availability takes them.</summary>
    NotTaken,

    /// <summary>Some of its slots can be sold.</summary>
    ForSale,
}
