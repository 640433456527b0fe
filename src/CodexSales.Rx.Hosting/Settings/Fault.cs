namespace CodexSales.Rx.Hosting.Settings;

/// <summary>Something in the configuration that can't be read into the options.</summary>
/// <param name="Key">The whole key, as it was given.</param>
/// <param name="Sentence">What is wrong, with the key.</param>
internal sealed record Fault(string Key, string Sentence)
{
    /// <summary>Whether a sentence is about this key or one below it: then it tells what follows from this fault.</summary>
    public bool Explains(string sentence) =>
        sentence.Length > Key.Length && sentence.StartsWith(Key, StringComparison.OrdinalIgnoreCase) && sentence[Key.Length] is ' ' or ':';
}
