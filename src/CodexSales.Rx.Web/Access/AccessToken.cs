using System.Security.Cryptography;
using System.Text;
using CodexSales.Rx.Web.Settings;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Web.Access;

/// <summary>The token that everybody needs who asks, if any. Only what is derived from it is kept.</summary>
internal sealed class AccessToken
{
    private readonly byte[] _hash = [];
    private readonly byte[] _key = [];

    public AccessToken(IOptions<WebOptions> options)
    {
        if (options.Value.TokenFile is { } file)
        {
            var token = TokenFile.Read(file);
            IsNeeded = true;
            _hash = SHA256.HashData(token);
            _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, token, SHA256.HashSizeInBytes, info: "codexsales session"u8.ToArray());
            token.AsSpan().Clear();
        }
    }

    /// <summary>Whether there is one.</summary>
    public bool IsNeeded { get; }

    /// <summary>Whether this is it. Takes as long for every text of one length.</summary>
    public bool IsGivenBy(string text) =>
        IsNeeded && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(text)), _hash);

    /// <summary>Signs so that only who knows the token could have; another token makes other signatures.</summary>
    public byte[] Sign(ReadOnlySpan<byte> text) => HMACSHA256.HashData(_key, text);
}
