using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CodexSales.Rx.Caching;
using Microsoft.AspNetCore.Http;

namespace CodexSales.Rx.Web.Operator;

/// <summary>
/// A live list as server-sent events, each with an id. A reader that comes back with the last id that it saw (Last-Event-ID) goes on
/// from there where nothing has changed since, and else gets the whole list once more.
/// </summary>
/// <remarks>
/// A reader that has stopped reading is kept at most one change for each row, see
/// <see cref="ChangeSetExtensions.ToAsyncEnumerable"/>. The stream ends with the pipeline, or with the app: browsers connect
/// again by themselves.
/// </remarks>
internal static class LiveList
{
    private static readonly TimeSpan ConnectAgainAfter = TimeSpan.FromSeconds(2);

    // Versions count the commits of one list: another pipeline has another list.
    private static readonly ConditionalWeakTable<object, string> _names = [];

    public static LiveListResult<TRow> Of<TItem, TKey, TCause, TRow>(
        HttpContext context, object list, IAsyncEnumerable<ChangeSet<TItem, TKey, TCause>> changes, Func<TItem, TRow> toRow)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        // A part of the list is another list.
        var name = $"{_names.GetValue(list, _ => RandomNumberGenerator.GetHexString(16, lowercase: true))}{context.Request.QueryString}";
        return new LiveListResult<TRow>(
            EventsAsync(changes, toRow, Uri.EscapeDataString(name), $"{context.Request.Headers["Last-Event-ID"]}"));
    }

    private static async IAsyncEnumerable<SseItem<LiveEvent<TRow>>> EventsAsync<TItem, TKey, TCause, TRow>(
        IAsyncEnumerable<ChangeSet<TItem, TKey, TCause>> changes,
        Func<TItem, TRow> toRow,
        string name,
        string lastId,
        [EnumeratorCancellation] CancellationToken left = default)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        var isFirst = true;
        await foreach (var set in changes.WithCancellation(left).ConfigureAwait(false))
        {
            var id = $"{name}-{set.Version}";
            var isKnown = isFirst && id == lastId;
            var isSnapshot = set.IsSnapshot && !isKnown;
            var rows = isKnown ? [] : set.Select(change => new LiveChange<TRow>(
                Names.Of(change.Kind), Names.Of(change.Cause), change.PositionBefore, change.PositionAfter, toRow(change.Item)));
            yield return new SseItem<LiveEvent<TRow>>(
                new LiveEvent<TRow>(set.Version, isSnapshot, [.. rows]), isSnapshot ? "snapshot" : "changes")
            {
                EventId = id,
                ReconnectionInterval = isFirst ? ConnectAgainAfter : null,
            };
            isFirst = false;
        }
    }
}
