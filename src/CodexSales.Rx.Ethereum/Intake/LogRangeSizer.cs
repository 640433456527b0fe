using System.Text;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>
/// How many blocks one endpoint is asked for at once: learnt from what it refuses, and tried again with more.
/// </summary>
/// <remarks>
/// Doubles with each answer until the first refusal. From then on it grows by a sixteenth after every sixteenth answer,
/// so that few questions are spent on a limit that stands, and never beyond one that the provider named.
/// </remarks>
internal sealed class LogRangeSizer(ulong most)
{
    private const ulong First = 2_000;
    private const int AnswersBeforeGrowth = 16;

    private ulong _most = most;
    private bool _wasRefused;
    private int _answers;

    /// <summary>How many blocks to ask for next; at least 1.</summary>
    public ulong Blocks { get; private set; } = Math.Min(First, most);

    /// <summary>So many blocks were answered.</summary>
    public void Answered(ulong blocks)
    {
        // A range that is shorter than the limit is no evidence that the limit is fine.
        if (blocks >= Blocks && (!_wasRefused || ++_answers % AnswersBeforeGrowth == 0))
        {
            Blocks = Math.Min(_most, Blocks + (_wasRefused ? Math.Max(1, Blocks / 16) : Blocks));
        }
    }

    /// <summary>More were refused.</summary>
    /// <param name="blocks">How many to ask for next.</param>
    /// <param name="isLimit">Whether more are never answered.</param>
    public void Refused(ulong blocks, bool isLimit)
    {
        (_wasRefused, _answers) = (true, 0);
        _most = isLimit ? Math.Min(_most, blocks) : _most;
        Blocks = Math.Min(Blocks, blocks);
    }

    /// <summary>A range was refused: learns from it what to ask for next.</summary>
    /// <exception cref="NodeReadException">That is not what it was refused for.</exception>
    public void Refused(RpcReply reply, ulong from, ulong to)
    {
        var asked = to - from + 1;
        var (code, text, wait) = reply switch
        {
            RpcError error => (
                error.Code, $"{error.Message} {Encoding.UTF8.GetString(error.Data.Span)}", error.RetryAfter),
            RpcNoAnswer none => (0, none.Detail, null),
            _ => (0, "", default(TimeSpan?)),
        };
        switch (LogRangeErrors.Judge(code, text, from, to))
        {
            case RangeTooWide narrower when asked > 1:
                Refused(narrower.Blocks, narrower.IsLimit);
                return;
            case OtherRefusal when asked > 1 && reply is RpcNoAnswer { MayHaveArrived: true }:
                // It may have been too much to answer in time.
                Refused(asked / 2, isLimit: false);
                break;
            case AskedTooOften:
                wait ??= TimeSpan.FromSeconds(1);
                break;
        }

        var blocks = asked == 1 ? $"block {from}" : $"the blocks {from} to {to}";
        throw new NodeReadException(
            $"The logs of {blocks} can't be read: {NodeText.Clean(text.TrimEnd())}", wait ?? TimeSpan.Zero)
        {
            IsGone = reply is RpcError gone && TransientErrors.IsOfTheBlock(gone),
        };
    }
}
