namespace CodexSales.Node.Run;

/// <summary>It can't run as it is told to. The message is one sentence for the person who told it.</summary>
internal sealed class CannotRunException : Exception
{
    public CannotRunException(string sentence)
        : base(sentence)
    {
    }

    public CannotRunException(string sentence, Exception cause)
        : base(sentence, cause)
    {
    }
}
