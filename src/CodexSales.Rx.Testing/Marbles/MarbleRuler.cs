namespace CodexSales.Rx.Testing.Marbles;

/// <summary>The lane of time: how many columns there are, and when each of them begins.</summary>
internal sealed class MarbleRuler
{
    private readonly TimeSpan[] _starts;

    private MarbleRuler(Fragment body, TimeSpan[] starts) => (Body, _starts) = (body, starts);

    public Fragment Body { get; }

    public int Length => Body.Text.Length;

    public TimeSpan End => _starts[^1];

    public bool IsBreak(int column) => Body.Text[column] == '/';

    public TimeSpan StartOf(int column) => _starts[column];

    /// <summary>The column of a moment: each lasts until the next one begins.</summary>
    public int ColumnAt(TimeSpan moment)
    {
        var found = Array.BinarySearch(_starts, moment);
        return Math.Min(found >= 0 ? found : ~found - 1, Length - 1);
    }

    /// <summary>Reads "0----5----10---15": each number stands in the column that it names.</summary>
    public static MarbleRuler Read(Fragment body, TimeSpan tick, TimeSpan? pause)
    {
        var starts = new TimeSpan[body.Text.Length + 1];
        for (var column = 0; column < body.Text.Length; column++)
        {
            var sign = body.Text[column];
            body.ThrowIf(
                sign == '/' && pause is null,
                "a break stands here, but there is no heading that says how long it is.",
                column);
            body.ThrowIf(
                !char.IsAsciiDigit(sign) && sign is not ('-' or '/'),
                $"'{sign}' means nothing on the ruler; numbers, - and / do.",
                column);
            starts[column + 1] = starts[column] + (sign == '/' ? pause!.Value : tick); // Checked above.
        }

        CheckNumbers(body);
        return new MarbleRuler(body, starts);
    }

    private static void CheckNumbers(Fragment body)
    {
        body.ThrowIf(body.IsEmpty || body.Text[0] != '0', "the ruler begins with 0.");
        for (var column = 0; column < body.Text.Length; column++)
        {
            var length = body.Text.Skip(column).TakeWhile(char.IsAsciiDigit).Count();
            var number = body.Text.Substring(column, length);
            body.ThrowIf(
                length > 0 && number != column.ToString(CultureInfo.InvariantCulture),
                $"{number} stands in column {column}.",
                column);
            column += Math.Max(0, length - 1);
        }
    }
}
