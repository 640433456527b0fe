using System.CommandLine;
using System.CommandLine.Parsing;

namespace CodexSales.Node.Cli;

/// <summary>"--availability": what is for sale.</summary>
internal static class AvailabilityOption
{
    public const string Name = "--availability";

    private const string Rest = "[,enabled=false][,id=NAME]. Sizes in B, KiB, MiB, GiB or TiB; durations in s, m, h or d; "
        + "price for each byte and second and collateral in the token's smallest unit";

    /// <param name="isRemembered">Whether they are remembered: then of several each needs an id of its own, and the
    /// only one may be without a name.</param>
    public static Option<ImmutableArray<Availability>> Make(bool isRequired, bool isRemembered) => new(Name)
    {
        Description = $"Space for sale, once or more: size=8GiB,duration=30d,price=1,collateral=1000000[,until=UNIX]{Rest}",
        HelpName = "SPEC",
        Required = isRequired,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = given => Read(given, isRemembered),
        DefaultValueFactory = isRequired ? null : _ => [],
    };

    /// <summary>One that is changed, or added where it is not there: one at a time, so that nothing is done by half.</summary>
    /// <param name="isWhole">Whether all of it has to be given.</param>
    public static Option<OfferChange> MakeOne(bool isWhole) => new(Name)
    {
        Description = (isWhole
            ? "Space for sale: size=8GiB,duration=30d,price=1,collateral=1000000[,until=UNIX]"
            : "What changes, such as price=2,id=disk1; all of it where there is none of that id: "
                + "[size=8GiB][,duration=30d][,price=1][,collateral=1000000][,until=UNIX or none]") + Rest,
        HelpName = "SPEC",
        Required = true,
        CustomParser = given => ReadOne(given, isWhole),
    };

    private static OfferChange? ReadOne(ArgumentResult given, bool isWhole)
    {
        if (!AvailabilitySpec.TryParseChange(given.Tokens[0].Value, out var offer, out var error))
        {
            given.AddError(error);
        }
        else if (((isWhole ? offer.FindMissing() : null) ?? offer.FindZero()) is { } wrong)
        {
            given.AddError(wrong);
        }

        return offer;
    }

    private static ImmutableArray<Availability> Read(ArgumentResult given, bool isRemembered)
    {
        var availabilities = ImmutableArray.CreateBuilder<Availability>();
        foreach (var spec in given.Tokens.Select(token => token.Value))
        {
            var position = isRemembered ? 0 : availabilities.Count + 1;
            if (!AvailabilitySpec.TryParse(
                spec, position, needsId: isRemembered && given.Tokens.Count > 1, out var availability, out var error))
            {
                given.AddError(error);
                break;
            }

            if (availabilities.Any(other => other.Id == availability.Id))
            {
                given.AddError($"{Name}: id is '{availability.Id}' twice, but each id is expected only once.");
                break;
            }

            availabilities.Add(availability);
        }

        return availabilities.ToImmutable();
    }
}
