using System.CommandLine;
using System.CommandLine.Parsing;

namespace CodexSales.Node.Cli;

/// <summary>"--availability": what is for sale.</summary>
internal static class AvailabilityOption
{
    public const string Name = "--availability";

    /// <param name="isRemembered">Whether they are remembered: then of several each needs an id of its own, and the
    /// only one may be without a name.</param>
    public static Option<ImmutableArray<Availability>> Make(bool isRequired, bool isRemembered) => new(Name)
    {
        Description = "Space for sale, once or more: size=8GiB,duration=30d,price=1,collateral=1000000"
            + "[,until=UNIX][,enabled=false][,id=NAME]. Sizes in B, KiB, MiB, GiB or TiB; durations in s, m, h or d; "
            + "price for each byte and second and collateral in the token's smallest unit",
        HelpName = "SPEC",
        Required = isRequired,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = given => Read(given, isRemembered),
        DefaultValueFactory = isRequired ? null : _ => [],
    };

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
