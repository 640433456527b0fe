using System.Security.Cryptography;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Web.Access;
using CodexSales.Rx.Web.Offers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Operator;

/// <summary>What is for sale.</summary>
internal static class AvailabilitiesResource
{
    private const string Some = "/{id}";
    private const string AName = "a name of 1 to 100 characters";

    public static void MapAvailabilities(this RouteGroupBuilder api)
    {
        var all = api.MapGroup("/availabilities").WithTags("Availabilities");
        all.MapGet("/", Read)
            .WithSummary("What is for sale")
            .WithDescription("All availabilities by name, with what of them is free, sold and earned.");
        all.MapGet("/live", ReadLive)
            .WithSummary("What is for sale, live")
            .WithDescription("Server-sent events: all of them at once, then each change, with its cause.")
            .Produces<LiveEvent<AvailabilityAnswer>>(StatusCodes.Status200OK, "text/event-stream");
        all.MapPost("/", CreateAsync)
            .Accepts<AvailabilityInput>("application/json")
            .WithSummary("Offer new space")
            .WithDescription("Under an id of one's own, or one that is drawn. It is for sale once it is stored, which is when this is answered.")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        all.MapGet(Some, ReadOne)
            .WithSummary("One availability")
            .WithDescription("With what of it is free, sold and earned.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        all.MapPut(Some, PutAsync)
            .Accepts<AvailabilityInput>("application/json")
            .WithSummary("Offer space under a name, or change all of it")
            .WithDescription("Running sales keep what they hold. One that is drained is for sale again.")
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        all.MapPatch(Some, ChangeAsync)
            .Accepts<AvailabilityChange>("application/json")
            .WithSummary("Change some of an availability")
            .WithDescription("What is not given stays. Running sales keep what they hold.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        all.MapPost($"{Some}/drain", DrainAsync)
            .WithSummary("Sell nothing more of it")
            .WithDescription("It is gone as soon as its last sale has ended; at once when there is none.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        all.MapDelete(Some, RemoveAsync)
            .WithSummary("Remove an availability that nothing is sold of")
            .WithDescription("One whose sales still run is refused: it has to be drained.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static Ok<IReadOnlyList<AvailabilityAnswer>> Read(ISalesHost host) =>
        TypedResults.Ok<IReadOnlyList<AvailabilityAnswer>>([.. host.Availabilities.Snapshot.Select(AvailabilityAnswer.Of)]);

    private static LiveListResult<AvailabilityAnswer> ReadLive(ISalesHost host, HttpContext context)
    {
        var ledger = host.Availabilities;
        return LiveList.Of(context, ledger, ledger.ConnectAsync(), AvailabilityAnswer.Of);
    }

    private static Results<Ok<AvailabilityAnswer>, ProblemHttpResult> ReadOne(ISalesHost host, string id) =>
        Find(host, IdOf(id)) is { } found ? TypedResults.Ok(AvailabilityAnswer.Of(found)) : Unknown(id);

    private static async Task<Results<Created<AvailabilityAnswer>, ProblemHttpResult>> CreateAsync(ISalesHost host, HttpRequest request)
    {
        var body = await BodyReader.ReadAsync(request, [.. AvailabilityFields.All, "id"]).ConfigureAwait(false);
        var id = body.Text("id", AName) is { } given ? NewId(given) : DrawId();
        var offer = AvailabilityFields.Read(body, id);
        ThrowIfNoRoom(host, offer, before: 0);
        return await host.Availabilities.AddAsync(offer).ConfigureAwait(false) switch
        {
            LedgerRefused { Reason: LedgerRefusal.NameTaken } => TypedResults.Problem(
                $"id: '{id}' is given, but an availability of that name is there already; another name is expected, or PUT or PATCH to change it.",
                statusCode: StatusCodes.Status409Conflict),
            LedgerRefused refused => Refuse(refused),
            _ => TypedResults.Created($"{request.PathBase}{ApiPaths.Operator}/availabilities/{Uri.EscapeDataString($"{id}")}", Answer(host, id)),
        };
    }

    private static async Task<Results<Ok<AvailabilityAnswer>, ProblemHttpResult>> PutAsync(ISalesHost host, string id, HttpRequest request)
    {
        var body = await BodyReader.ReadAsync(request, AvailabilityFields.All).ConfigureAwait(false);
        var offer = AvailabilityFields.Read(body, NewId($"{IdOf(id)}"));
        ThrowIfNoRoom(host, offer, Find(host, offer.Id)?.Availability.TotalBytes ?? 0);
        return await host.Availabilities.SaveAsync(offer).ConfigureAwait(false) is LedgerRefused refused
            ? Refuse(refused)
            : TypedResults.Ok(Answer(host, offer.Id));
    }

    private static async Task<Results<Ok<AvailabilityAnswer>, ProblemHttpResult>> ChangeAsync(ISalesHost host, string id, HttpRequest request)
    {
        var body = await BodyReader.ReadAsync(request, AvailabilityFields.All).ConfigureAwait(false);
        var name = IdOf(id);

        // As it is when the change is made: another one's change at the same time is not undone.
        return await host.Availabilities.ChangeAsync(name, Changed).ConfigureAwait(false) switch
        {
            LedgerRefused { Reason: LedgerRefusal.Unknown } => Unknown(id),
            LedgerRefused refused => Refuse(refused),
            _ => TypedResults.Ok(Answer(host, name)),
        };

        Availability Changed(Availability before)
        {
            var after = AvailabilityFields.Change(body, before);
            ThrowIfNoRoom(host, after, before.TotalBytes);
            return after;
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DrainAsync(ISalesHost host, string id) =>
        Told(await host.Availabilities.DrainAsync(IdOf(id)).ConfigureAwait(false));

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(ISalesHost host, string id) =>
        Told(await host.Availabilities.RemoveAsync(IdOf(id)).ConfigureAwait(false));

    private static Results<NoContent, ProblemHttpResult> Told(LedgerAnswer answer) =>
        answer is LedgerRefused refused ? Refuse(refused) : TypedResults.NoContent();

    // What is no wider than before may stay, also where the quota has become smaller.
    private static void ThrowIfNoRoom(ISalesHost host, Availability offer, ulong before)
    {
        var quota = host.Options.SlotFiles.QuotaBytes;
        var room = OfferedSpace.Of(host).RoomIn(quota);
        if (offer.TotalBytes > before && offer.TotalBytes - before > room)
        {
            throw new OperatorInputException(
                "totalBytes",
                $"totalBytes: '{offer.TotalBytes}' is given, but at most {before + room} is expected: of the quota of {quota} bytes {room} are left.",
                StatusCodes.Status422UnprocessableEntity);
        }
    }

    private static ProblemHttpResult Refuse(LedgerRefused refused) => TypedResults.Problem(refused.Detail, statusCode: refused.Reason switch
    {
        LedgerRefusal.Unknown => StatusCodes.Status404NotFound,
        LedgerRefusal.InUse or LedgerRefusal.Draining => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status422UnprocessableEntity,
    });

    private static ProblemHttpResult Unknown(string id) =>
        TypedResults.Problem($"id: '{id}' is given, but there is no availability of that name.", statusCode: StatusCodes.Status404NotFound);

    // It may be changed once more, or removed, by the time that it is looked at.
    private static AvailabilityAnswer Answer(ISalesHost host, AvailabilityId id) => Find(host, id) is { } saved
        ? AvailabilityAnswer.Of(saved)
        : throw new OperatorInputException("id", $"id: '{id}' was saved, and is removed again by another one.", StatusCodes.Status409Conflict);

    private static AvailabilityBalance? Find(ISalesHost host, AvailabilityId id) =>
        host.Availabilities.Snapshot.FirstOrDefault(balance => balance.Availability.Id == id);

    // Servers leave this one escaped in a path.
    private static AvailabilityId IdOf(string text) =>
        QueryReader.Id("id", text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase))
        ?? throw OperatorInputException.Missing("id", AName);

    // An availability that has such a name out of the configuration can still be changed and removed.
    private static AvailabilityId NewId(string text) =>
        OfferName.TryRead(text, out var id) ? id : throw OperatorInputException.Expected("id", text, OfferName.Expected);

    private static AvailabilityId DrawId() => new($"0x{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes32.Size))}");
}
