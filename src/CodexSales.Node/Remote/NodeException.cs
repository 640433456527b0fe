namespace CodexSales.Node.Remote;

/// <summary>A node can't be asked, or refuses: the message says so in a sentence.</summary>
internal sealed class NodeException(string sentence, int exitCode) : Exception(sentence)
{
    /// <summary>What the program ends with.</summary>
    public int ExitCode => exitCode;
}
