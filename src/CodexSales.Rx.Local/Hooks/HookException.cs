namespace CodexSales.Rx.Local.Hooks;

/// <summary>A hook did not do what it should. The message is a sentence that names the hook.</summary>
public sealed class HookException : Exception
{
    internal HookException(HookFailure failure, string message, Exception? cause = null)
        : base(message, cause) => Failure = failure;

    /// <summary>What went wrong.</summary>
    public HookFailure Failure { get; }
}
