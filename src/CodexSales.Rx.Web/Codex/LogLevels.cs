using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace CodexSales.Rx.Web.Codex;

/// <summary>How much the host tells its log, as a client has set it; until then, and after a restart, as the app has.</summary>
internal sealed class LogLevels : IPostConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    private const string Category = "CodexSales";

    // The names of Codex, the most talkative first.
    private static readonly (string Name, LogLevel Level)[] _levels =
    [
        ("TRACE", LogLevel.Trace), ("DEBUG", LogLevel.Debug), ("INFO", LogLevel.Information), ("NOTICE", LogLevel.Information),
        ("WARN", LogLevel.Warning), ("ERROR", LogLevel.Error), ("FATAL", LogLevel.Critical), ("NONE", LogLevel.None),
    ];

    private ConfigurationReloadToken _changed = new();
    private LoggerFilterRule? _rule;

    /// <inheritdoc/>
    public string? Name => Options.DefaultName;

    /// <summary>What names there are.</summary>
    public static string Known => string.Join(", ", _levels.Select(level => level.Name));

    /// <summary>Sets it; false where there is no such level.</summary>
    public bool TrySet(string? name)
    {
        var found = _levels.FirstOrDefault(level => level.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (found.Name is null)
        {
            return false;
        }

        _rule = new LoggerFilterRule(null, Category, found.Level, null);
        Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
        return true;
    }

    /// <inheritdoc/>
    public IChangeToken GetChangeToken() => _changed;

    /// <inheritdoc/>
    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        if (_rule is { } rule)
        {
            options.Rules.Add(rule);
        }
    }
}
