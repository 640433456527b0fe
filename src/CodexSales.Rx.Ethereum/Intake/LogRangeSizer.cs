namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>The number of blocks that one endpoint is asked for at once. Doubles with each answer until the first
/// refusal; then it grows by a sixteenth after every sixteenth answer, never beyond a limit that the provider
/// named.</summary>
internal sealed class LogRangeSizer(ulong most)
{
    private const ulong First = 2_000;
    private const int AnswersBeforeGrowth = 16;

    private ulong _most = most;
    private bool _wasRefused;
    private int _answers;

    /// <summary>The number of blocks to ask for next; at least 1.</summary>
    public ulong Blocks { get; private set; } = Math.Min(First, most);

    /// <summary>Notes the answer for so many blocks.</summary>
    public void Answered(ulong blocks)
    {
        // A range that is shorter than the limit is no evidence that the limit is fine.
        if (blocks >= Blocks && (!_wasRefused || ++_answers % AnswersBeforeGrowth == 0))
        {
            Blocks = Math.Min(_most, Blocks + (_wasRefused ? Math.Max(1, Blocks / 16) : Blocks));
        }
    }

    /// <summary>Notes that more were refused, and whether more are never answered.</summary>
    public void Refused(ulong blocks, bool isLimit)
    {
        (_wasRefused, _answers) = (true, 0);
        _most = isLimit ? Math.Min(_most, blocks) : _most;
        Blocks = Math.Min(Blocks, blocks);
    }

    /// <summary>Learns from a refused range.</summary>
    /// <exception cref="NodeReadException">It was refused for another reason.</exception>
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
