using CodexSales.Rx.Ethereum.LocalKey;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Node.Run;

/// <summary>Makes the signer that options name: a key from a file, another program, or the node.</summary>
internal static class SignerFactory
{
    private const int LongestPassword = 4096;

    /// <param name="parts">Takes what is to be disposed of with the signer.</param>
    public static ISigner Open(RunOptions options, IRpcTransport node, IScheduler core, DisposableStack parts)
    {
        if (options.KeyFile is { } file)
        {
            var key = parts.Add(OpenFile(file, options.PasswordFile));
            return options.IsDryRun ? new DryAccount(key.Account) : key;
        }

        var account = options.Account!.Value;
        if (options.IsDryRun)
        {
            return new DryAccount(account);
        }

        if (options.Signer is not { } program)
        {
            return new NodeAccountSigner(node, account);
        }

        return new RemoteSigner(
            parts.Add(TransportFactory.To(program, new RpcOptions(), core)),
            account,
            options.SignerIsClef ? RemoteSignerProtocol.Clef : RemoteSignerProtocol.Ethereum);
    }

    /// <summary>The sentence on a risk for the key; null when there is none.</summary>
    public static string? FindRisk(RunOptions options) =>
        options.Signer is { } signer && new Uri(signer.Name) is { Scheme: "http" or "ws", IsLoopback: false }
            ? $"{signer} is another host, and is asked in the clear: whoever is between can read what is to be signed, and "
                + "have it sign something else."
            : null;

    private static LocalKeySigner OpenFile(string file, string? passwordFile)
    {
        var password = passwordFile is null ? [] : Read("--password-file", () => ReadPassword(passwordFile));
        try
        {
            return Read("--key-file", () => LocalKeySigner.FromFile(file, password));
        }
        finally
        {
            password.AsSpan().Clear();
        }
    }

    private static char[] ReadPassword(string file) =>
        PrivateFile.ReadText(file) is { Length: <= LongestPassword } password
            ? password
            : throw new KeyFileException(
                $"{file} is too long for a password; at most {LongestPassword} characters are expected.");

    private static T Read<T>(string option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (KeyFileException unusable)
        {
            throw new CannotRunException($"{option}: {unusable.Message}", unusable);
        }
    }
}
