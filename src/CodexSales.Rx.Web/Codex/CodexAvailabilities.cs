using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Hosting;
using Microsoft.AspNetCore.Http;

namespace CodexSales.Rx.Web.Codex;

/// <summary>What is for sale: read, added and changed.</summary>
internal static class CodexAvailabilities
{
    public static IResult List(ISalesHost host) =>
        CodexAnswers.Found(host.Availabilities.Snapshot.Select(CodexAvailability.Of));

    public static async Task<IResult> ListReservationsAsync(string id, ISalesHost host)
    {
        if (Find(id, host, out var refused) is not { } found)
        {
            return refused!;
        }

        var holds = await host.Availabilities.ReadHoldsAsync().ConfigureAwait(false);
        return CodexAnswers.Found(holds.Where(hold => hold.AvailabilityId == found.Availability.Id).Select(CodexReservation.Of));
    }

    public static async Task<IResult> CreateAsync(HttpRequest request, ISalesHost host)
    {
        var (fields, fault) = await AvailabilityFields.ReadAsync(request).ConfigureAwait(false);
        if ((fault ?? WhatIsMissing(fields!)) is { } malformed)
        {
            return CodexAnswers.Refused(StatusCodes.Status400BadRequest, malformed);
        }

        if ((WhatIsNothing(fields!) ?? WhatIsTooLarge(fields!, 0, host)) is { } impossible)
        {
            return CodexAnswers.Refused(StatusCodes.Status422UnprocessableEntity, impossible);
        }

        var offer = Changed(
            new Availability
            {
                Id = CodexIds.Draw(),
                TotalBytes = 0,
                MaxDurationSeconds = 0,
                MinPricePerBytePerSecond = UInt256.Zero,
                TotalCollateral = UInt256.Zero,
            },
            fields!);
        return await host.Availabilities.SaveAsync(offer).ConfigureAwait(false) is LedgerRefused refused
            ? CodexAnswers.Refused(StatusCodes.Status422UnprocessableEntity, refused.Detail)
            : CodexAnswers.Found(AsItIs(offer, host), StatusCodes.Status201Created);
    }

    public static async Task<IResult> ChangeAsync(string id, HttpRequest request, ISalesHost host)
    {
        if (!Bytes32.TryParse(id, out _))
        {
            return CodexAnswers.NoId(id, "an availability");
        }

        var (fields, fault) = await AvailabilityFields.ReadAsync(request).ConfigureAwait(false);
        if (fault is not null)
        {
            return CodexAnswers.Refused(StatusCodes.Status400BadRequest, fault);
        }

        if (Find(id, host, out var unknown) is not { } found)
        {
            return unknown!;
        }

        var impossible = fields!.HasFreeSize ? "freeSize and totalRemainingCollateral can't be set: they follow from what sales hold."
            : found.IsDraining ? $"Availability '{found.Availability.Id}' is being drained: it is removed when its last sale has ended."
            : WhatIsNothing(fields) ?? WhatIsTooLarge(fields, found.Availability.TotalBytes, host);
        if (impossible is not null)
        {
            return CodexAnswers.Refused(StatusCodes.Status422UnprocessableEntity, impossible);
        }

        var answer = await host.Availabilities
            .ChangeAsync(found.Availability.Id, before => Changed(before, fields)).ConfigureAwait(false);
        return answer switch
        {
            LedgerRefused { Reason: LedgerRefusal.Unknown } gone => CodexAnswers.Refused(StatusCodes.Status404NotFound, gone.Detail),
            LedgerRefused refused => CodexAnswers.Refused(StatusCodes.Status422UnprocessableEntity, refused.Detail),
            _ => Results.NoContent(),
        };
    }

    private static AvailabilityBalance? Find(string text, ISalesHost host, out IResult? refused)
    {
        var isId = Bytes32.TryParse(text, out var id);
        var found = isId ? host.Availabilities.Snapshot.FirstOrDefault(balance => CodexIds.Of(balance.Availability.Id) == id) : null;
        refused = found is not null ? null
            : isId ? CodexAnswers.Refused(StatusCodes.Status404NotFound, $"There is no availability {id}.")
            : CodexAnswers.NoId(text, "an availability");
        return found;
    }

    // It may have sold something already, or be gone.
    private static CodexAvailability AsItIs(Availability saved, ISalesHost host) => CodexAvailability.Of(
        host.Availabilities.Snapshot.FirstOrDefault(balance => balance.Availability.Id == saved.Id)
            ?? new AvailabilityBalance(saved, 0, 0, UInt256.Zero, 0));

    private static Availability Changed(Availability before, AvailabilityFields fields) => before with
    {
        TotalBytes = fields.TotalSize ?? before.TotalBytes,
        MaxDurationSeconds = fields.Duration ?? before.MaxDurationSeconds,
        MinPricePerBytePerSecond = fields.MinPrice ?? before.MinPricePerBytePerSecond,
        TotalCollateral = fields.TotalCollateral ?? before.TotalCollateral,
        IsDisabled = fields.IsEnabled is { } isEnabled ? !isEnabled : before.IsDisabled,
        Until = fields.Until switch { null => before.Until, 0 => null, var until => new UnixSeconds(until.Value) },
    };

    private static string? WhatIsMissing(AvailabilityFields fields) =>
        fields.TotalSize is null ? "totalSize is not given, but the size in bytes is expected."
        : fields.Duration is null ? "duration is not given, but the longest duration in seconds is expected."
        : fields.MinPrice is null ? "minPricePerBytePerSecond is not given, but the lowest price is expected."
        : fields.TotalCollateral is null ? "totalCollateral is not given, but the most collateral is expected."
        : null;

    private static string? WhatIsNothing(AvailabilityFields fields) =>
        fields.TotalSize == 0 ? "totalSize is 0, but at least 1 byte is expected."
        : fields.Duration == 0 ? "duration is 0, but at least 1 second is expected."
        : fields.MinPrice == UInt256.Zero ? "minPricePerBytePerSecond is 0, but at least 1 is expected."
        : fields.TotalCollateral == UInt256.Zero ? "totalCollateral is 0, but at least 1 is expected."
        : fields.IsUntilNegative ? "until is negative, but a time in Unix seconds is expected, or 0 for no limit."
        : null;

    private static string? WhatIsTooLarge(AvailabilityFields fields, ulong before, ISalesHost host) =>
        fields.TotalSize is { } size && size > before && CodexSpace.Of(host) is var space && size - before > space.Room
            ? $"totalSize is {size}, but of the quota of {space.QuotaMaxBytes} bytes {space.Room} are left."
            : null;
}
