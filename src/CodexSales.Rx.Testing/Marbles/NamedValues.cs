namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Values with names: "size=8GiB price=1".</summary>
internal sealed class NamedValues
{
    private readonly Fragment _text;
    private readonly Dictionary<string, Fragment> _values = [];

    public NamedValues(Fragment text, params string[] names)
    {
        _text = text;
        foreach (var word in text.Words())
        {
            if (word.Cut('=') is not ({ IsEmpty: false } name, { IsEmpty: false } value))
            {
                throw word.Error($"'{word.Text}' is given, but a name, = and a value are expected.");
            }

            name.ThrowIf(!names.Contains(name.Text), $"'{name.Text}' is not known; {string.Join(", ", names)} are.");
            name.ThrowIf(!_values.TryAdd(name.Text, value), $"{name.Text} is there twice.");
        }
    }

    public Fragment Get(string name) => Find(name) ?? throw _text.Error($"{name} is missing.");

    /// <summary>A value as it is read; the default where it is not given.</summary>
    public T Read<T>(string name, Func<Fragment, T> read, T otherwise) => Find(name) is { } value ? read(value) : otherwise;

    public Fragment? Find(string name) => _values.TryGetValue(name, out var value) ? value : null;
}
