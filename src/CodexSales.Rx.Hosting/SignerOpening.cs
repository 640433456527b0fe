using CodexSales.Rx.Ethereum.LocalKey;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Hosting.Settings;

namespace CodexSales.Rx.Hosting;

/// <summary>The signer that the settings name: a key file, the node's own account, or another program.</summary>
internal sealed class SignerOpening(PartContext context, EthereumSettings settings)
{
    private const int LongestPassword = 4096;

    /// <summary>Opens it; of a dry run only its account.</summary>
    /// <param name="node">Asked to sign if neither a key file nor a program is named.</param>
    /// <exception cref="CannotSellException">The key can't be read.</exception>
    public ISigner Open(IRpcLink node)
    {
        if (settings.KeyFile is { } file)
        {
            return OpenKey(file);
        }

        var account = settings.Account!.Value;
        return context.IsDryRun ? new DryAccount(account)
            : settings.Signer is not { } program ? new NodeAccountSigner(node, account)
            : new RemoteSigner(
                context.Own(NodeLinks.Connect(NodeLinks.Parse(program), new RpcOptions(), context.Core)),
                account,
                settings.SignerIsClef ? RemoteSignerProtocol.Clef : RemoteSignerProtocol.Ethereum);
    }

    /// <summary>The sentence on a risk for the key; null when there is none.</summary>
    public static string? FindRisk(string signer) => new Uri(signer) is { Scheme: "http" or "ws", IsLoopback: false }
        ? $"{NodeLinks.Parse(signer)} is another host, and is asked in the clear: whoever is between can read what is to be signed, and have "
            + "it sign something else."
        : null;

    private ISigner OpenKey(string file)
    {
        var password = settings.PasswordFile is { } given ? Read("PasswordFile", () => ReadPassword(given)) : [];
        try
        {
            var key = context.Own(Read("KeyFile", () => LocalKeySigner.FromFile(file, password)));
            return context.IsDryRun ? new DryAccount(key.Account) : key;
        }
        finally
        {
            password.AsSpan().Clear();
        }
    }

    private static char[] ReadPassword(string file) =>
        PrivateFile.ReadText(file) is { Length: <= LongestPassword } password
            ? password
            : throw new KeyFileException($"{file} is too long for a password; at most {LongestPassword} characters are expected.");

    private T Read<T>(string option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (KeyFileException unusable)
        {
            throw new CannotSellException($"{context.Key($"Ethereum:{option}")}: {unusable.Message}", unusable);
        }
    }
}
