using CodexSales.Rx.Local.Hooks;

namespace CodexSales.Rx.Hosting.Alerts.Delivery;

/// <summary>A program of the operator's: it reads a message as one line, and has taken it when it ends with exit code 0.</summary>
internal sealed class AlertCommand(HookCommand program, IScheduler clock) : IAlertReceiver
{
    public string Name => "the program of alerts";

    /// <inheritdoc/>
    public async Task SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        try
        {
            await program.TellAsync("alert", (byte[])[.. message.ToJson(), (byte)'\n'], clock, cancellation).ConfigureAwait(false);
        }
        catch (HookException failed)
        {
            throw new NotDeliveredException(failed.Message, cause: failed);
        }
    }
}
