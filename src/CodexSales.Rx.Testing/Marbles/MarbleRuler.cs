namespace CodexSales.Rx.Testing.Marbles;

/// <summary>The lane of time: how many columns there are, and when each of them begins.</summary>
internal sealed class MarbleRuler
{
    private readonly TimeSpan[] _starts;

    private MarbleRuler(Fragment body, TimeSpan[] starts) => (Body, _starts) = (body, starts);

    public Fragment Body { get; }

    public int Length => Body.Text.Length;

    /// <summary>The end of the last column.</summary>
    public TimeSpan End => _starts[^1];

    public bool IsBreak(int column) => Body.Text[column] == '/';

    /// <summary>When a column begins, from the start.</summary>
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
            if (sign == '/' && pause is null)
            {
                throw body.Error("a break stands here, but there is no heading that says how long it is.", column);
            }

            if (!char.IsAsciiDigit(sign) && sign is not ('-' or '/'))
            {
                throw body.Error($"'{sign}' means nothing on the ruler; numbers, - and / do.", column);
            }

            starts[column + 1] = starts[column] + (sign == '/' ? pause!.Value : tick); // Checked above.
        }

        CheckNumbers(body);
        return new MarbleRuler(body, starts);
    }

    private static void CheckNumbers(Fragment body)
    {
        if (body.IsEmpty || body.Text[0] != '0')
        {
            throw body.Error("the ruler begins with 0.");
        }

        for (var column = 0; column < body.Text.Length; column++)
        {
            var length = body.Text.Skip(column).TakeWhile(char.IsAsciiDigit).Count();
            if (length == 0)
            {
                continue;
            }

            var number = body.Text.Substring(column, length);
            if (number != column.ToString(CultureInfo.InvariantCulture))
            {
                throw body.Error($"{number} stands in column {column}.", column);
            }

            column += length - 1;
        }
    }
}
