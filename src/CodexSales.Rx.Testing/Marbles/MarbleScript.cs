namespace CodexSales.Rx.Testing.Marbles;

/// <summary>The scripts of a slot's sales: the first one, the second one, and so on.</summary>
/// <param name="Request">The request.</param>
/// <param name="Place">The slot; null for every slot of the request that has no script of its own.</param>
/// <param name="Sales">One for each sale.</param>
internal sealed record MarbleScript(string Request, ulong? Place, ImmutableArray<SaleScript> Sales);

/// <summary>The course of one sale, in columns from its start.</summary>
/// <param name="Text">As it is written.</param>
/// <param name="FilledAt">When this host fills the slot; null when it never does.</param>
/// <param name="EndsAt">When it ends; null when it goes on.</param>
/// <param name="End">'|' paid, '#' error, 'I' ignored for want of space, 'X' taken by another, '-' goes on.</param>
internal sealed record SaleScript(string Text, int? FilledAt, int? EndsAt, char End)
{
    private const string Ends = "|#IX";

    public static SaleScript Read(Fragment text)
    {
        int? filledAt = null;
        for (var at = 0; at < text.Text.Length; at++)
        {
            var sign = text.Text[at];
            if (sign == 'F')
            {
                filledAt = filledAt is not null ? throw text.Error("the slot is filled twice.", at)
                    : at == 0 ? throw text.Error("a sale can't fill its slot in the column in which it starts.", at)
                    : at;
            }
            else if (Ends.Contains(sign, StringComparison.Ordinal))
            {
                return at < text.Text.Length - 1 ? throw text.Error($"the sale goes on after '{sign}'.", at + 1)
                    : sign == '|' && filledAt is null ? throw text.Error("a sale is paid only after F.", at)
                    : sign is 'I' or 'X' && filledAt is not null ? throw text.Error($"'{sign}' can't come after F.", at)
                    : new SaleScript(text.Text, filledAt, at, sign);
            }
            else if (sign != '-')
            {
                throw text.Error($"'{sign}' means nothing in a sale; -, F, |, #, I and X do.", at);
            }
        }

        return text.IsEmpty
            ? throw text.Error("a sale is expected, as ---F--|.")
            : new SaleScript(text.Text, filledAt, null, '-');
    }
}
