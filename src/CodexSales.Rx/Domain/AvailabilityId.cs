namespace CodexSales.Rx.Domain;

/// <summary>The name of an availability, chosen by the provider.</summary>
public readonly record struct AvailabilityId
{
    private const int MaxLength = 100;

    private readonly string? _value;

    /// <summary>Takes a name as it is; names that differ in case differ.</summary>
    /// <param name="value">From 1 to 100 characters.</param>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    public AvailabilityId(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        if (value.Length > MaxLength)
        {
            throw new ArgumentException(
                $"An availability's name has at most {MaxLength} characters, but there are {value.Length}.",
                nameof(value));
        }

        _value = value;
    }

    /// <summary>The name; empty for <c>default</c>, which names nothing.</summary>
    public override string ToString() => _value ?? "";
}
