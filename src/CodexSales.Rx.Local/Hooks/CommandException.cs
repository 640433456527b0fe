namespace CodexSales.Rx.Local.Hooks;

/// <summary>A hook did not do what it should. The message is a sentence that names the hook.</summary>
public sealed class CommandException : Exception
{
    internal CommandException(CommandFailure failure, string message, Exception? cause = null)
        : base(message, cause) => Failure = failure;

    /// <summary>What went wrong.</summary>
    public CommandFailure Failure { get; }
}
