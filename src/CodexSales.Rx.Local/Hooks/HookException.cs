namespace CodexSales.Rx.Local.Hooks;

/// <summary>A hook did not do what it should. The message is a sentence that names the hook.</summary>
public sealed class HookException : Exception
{
    // "The store hook 'fetch' ended with exit code 3. Its standard error ends with: 'no peer'."
    internal HookException(
        HookFailure failure, string name, HookCommand hook, string what, string errors = "", Exception? cause = null)
        : base($"The {name} hook '{hook.Program}' {what.TrimEnd('.')}.{errors}", cause) => Failure = failure;

    /// <summary>The way in which it failed.</summary>
    public HookFailure Failure { get; }
}
