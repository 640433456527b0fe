namespace CodexSales.Rx.Local.Hooks;

/// <summary>The sentences that say what is wrong with a hook.</summary>
internal static class HookTrouble
{
    /// <summary>"The store hook 'fetch' ended with exit code 3. Its standard error ends with: 'no peer'."</summary>
    public static HookException Of(
        HookFailure failure,
        string name,
        HookCommand hook,
        string what,
        string errors = "",
        Exception? cause = null) =>
        new(failure, $"The {name} hook '{hook.Program}' {what.TrimEnd('.')}.{errors}", cause);
}
