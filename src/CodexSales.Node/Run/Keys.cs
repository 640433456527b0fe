using System.Reactive.Concurrency;
using CodexSales.Rx.Ethereum.LocalKey;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Node.Run;

/// <summary>Who signs: a key from a file, another program, or the node.</summary>
internal static class Keys
{
    private const int LongestPassword = 4096;

    /// <summary>Makes the signer that the options name.</summary>
    /// <param name="options">The options.</param>
    /// <param name="node">How the node is asked.</param>
    /// <param name="core">Where time passes.</param>
    /// <param name="parts">Takes what is to be disposed of with the signer.</param>
    /// <exception cref="CannotRunException">The key can't be read.</exception>
    public static ISigner Open(RunOptions options, IRpcTransport node, IScheduler core, Parts parts)
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

        var link = parts.Add(Links.To(program, new RpcOptions(), core));
        return new RemoteSigner(
            link, account, options.SignerIsClef ? RemoteSignerProtocol.Clef : RemoteSignerProtocol.Ethereum);
    }

    private static LocalKeySigner OpenFile(string file, string? passwordFile)
    {
        var password = passwordFile is null ? [] : ReadPassword(passwordFile);
        try
        {
            return LocalKeySigner.FromFile(file, password);
        }
        catch (KeyFileException unusable)
        {
            throw new CannotRunException($"--key-file: {unusable.Message}", unusable);
        }
        finally
        {
            password.AsSpan().Clear();
        }
    }

    private static char[] ReadPassword(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            var text = new char[LongestPassword + 1];
            var length = reader.ReadBlock(text);
            return length <= LongestPassword
                ? text.AsSpan(0, length).TrimEnd("\r\n").ToArray()
                : throw new CannotRunException(
                    $"--password-file: {file} is too long for a password; at most {LongestPassword} characters are "
                        + "expected.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CannotRunException($"--password-file: {file} can't be read: {unreadable.Message}", unreadable);
        }
    }
}
