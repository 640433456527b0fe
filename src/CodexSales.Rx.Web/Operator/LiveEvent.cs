using System.ComponentModel;

namespace CodexSales.Rx.Web.Operator;

/// <summary>One event of a live list.</summary>
[Description("One event of a live list: the whole list, or what has changed of it. Its changes are made one after another.")]
internal sealed record LiveEvent<TRow>(
    [property: Description("The number of the list's commit.")] long Version,
    [property: Description("Whether it is the whole list, in place of what was known before.")] bool IsSnapshot,
    [property: Description("What has changed; of a whole list, each row as one that was added.")] IReadOnlyList<LiveChange<TRow>> Changes);

/// <summary>One change of a live list.</summary>
[Description("One change of a live list.")]
internal sealed record LiveChange<TRow>(
    [property: Description("added, updated, moved or removed.")] string Kind,
    [property: Description("Why it has changed.")] string Cause,
    [property: Description("The row's place before, from 0; -1 where it was not there.")] int From,
    [property: Description("The row's place after; -1 where it is gone.")] int To,
    [property: Description("The row as it is now, or was last.")] TRow Row);
