using System.Text.RegularExpressions;

namespace CodexSales.Node.Run;

/// <summary>The names that options of the host have on the command line.</summary>
internal static partial class OptionNames
{
    private static readonly (string Setting, string Option)[] _names =
    [
        ("Ethereum:KeyFile", "--key-file"),
        ("Ethereum:PasswordFile", "--password-file"),
        ("Sqlite:Path", "--data"),
        ("SlotFiles:Directory", "--data"),
        ("Hooks:Directory", "--data"),
        ("Hooks:Program", "--hook"),
        ("SimulatedMarket:Speed", "--speed"),
        ("KeepFreeBytes", "--keep-free"),
        ("Alerts:Webhooks:0:Address", "--alert-webhook"),
        ("Alerts:Webhooks:0:SecretFile", "--alert-secret-file"),
        ("Web:TokenFile", "--token-file"),
        ("Web:PathBase", "--path-base"),
    ];

    /// <summary>A sentence of the host's as those read it who gave the options.</summary>
    public static string Translate(string sentence) =>
        _names.Aggregate(ListedOrigin().Replace(ListedProxy().Replace(sentence, "--trusted-proxy"), "--allow-origin"), (text, name) => text.Replace(name.Setting, name.Option, StringComparison.Ordinal));

    [GeneratedRegex("Web:AllowedOrigins:[0-9]+")]
    private static partial Regex ListedOrigin();

    [GeneratedRegex("Web:TrustedProxies:[0-9]+")]
    private static partial Regex ListedProxy();
}
