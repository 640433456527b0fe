using System.Net;
using CodexSales.Rx.Web.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Web.Access;

/// <summary>
/// Keeps an app without a token to the addresses of its own machine. Kestrel asks it about each address before it listens there, whoever
/// named that address, and in whichever way; it listens to none itself.
/// </summary>
internal sealed class LocalListening(AccessToken token) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <inheritdoc/>
    /// <exception cref="OptionsValidationException">Others could reach it, and there is no token.</exception>
    public bool CanBind(EndPoint endpoint) => token.IsNeeded || endpoint is not IPEndPoint address || IPAddress.IsLoopback(address.Address)
        ? false
        : throw new OptionsValidationException(nameof(WebOptions), typeof(WebOptions), [
            $"Web:TokenFile is not given, but a token is expected where others can reach the app: it was told to listen on {address}, "
                + "which is not an address of this machine alone, such as 127.0.0.1.",
        ]);

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"It was said that {endpoint} can't be listened to.");
}
