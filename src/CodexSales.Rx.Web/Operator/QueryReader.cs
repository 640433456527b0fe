namespace CodexSales.Rx.Web.Operator;

/// <summary>Reads parameters of a query, or says in a sentence what is expected.</summary>
internal static class QueryReader
{
    public const int UsualPage = 100;
    public const int LargestPage = 1_000;

    public static int Count(string? text, int usual = UsualPage, int most = LargestPage) => (int)Whole("count", text, 1, (ulong)most, (ulong)usual);

    /// <summary>A number of a row before which to go on; the one after the last row when none is given.</summary>
    public static long Before(string? text) => (long)Whole("before", text, 1, long.MaxValue, long.MaxValue);

    public static ulong Whole(string name, string? text, ulong least, ulong most, ulong usual) =>
        string.IsNullOrEmpty(text) ? usual
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw OperatorInputException.Expected(name, text, $"a whole number from {least} to {most}");

    public static UnixSeconds? Moment(string name, string? text) =>
        string.IsNullOrEmpty(text) ? null
        : UnixSeconds.TryParse(text, out var moment) ? moment
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var iso) ? UnixSeconds.From(iso)
        : throw OperatorInputException.Expected(name, text, "a time in Unix seconds, or as in 2026-01-31T12:00:00Z,");

    public static T? Case<T>(string name, string? text)
        where T : struct, Enum =>
        string.IsNullOrEmpty(text) ? null
        : Enum.GetValues<T>().Where(each => string.Equals(Names.Of(each), text, StringComparison.OrdinalIgnoreCase))
            .Select(each => (T?)each).FirstOrDefault()
        ?? throw OperatorInputException.Expected(name, text, $"one of {string.Join(", ", Enum.GetValues<T>().Select(each => Names.Of(each)))}");

    public static bool Flag(string name, string? text) =>
        !string.IsNullOrEmpty(text)
        && (bool.TryParse(text, out var flag) ? flag : throw OperatorInputException.Expected(name, text, "true or false"));

    public static AvailabilityId? Id(string name, string? text) =>
        string.IsNullOrEmpty(text) ? null
        : AvailabilityId.TryParse(text, out var id) ? id
        : throw OperatorInputException.Expected(name, text, "a name of 1 to 100 characters");
}
