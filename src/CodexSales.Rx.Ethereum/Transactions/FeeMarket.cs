namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Asks for the price of a unit of gas: the fees of the last blocks, or else the node's suggestion; on some
/// rollups also for that of a byte.</summary>
internal sealed class FeeMarket(
    IRpcTransport transport, Address account, TransactionOptions options, IScheduler scheduler)
{
    private const int BlocksToLookAt = 10;

    // Fees also change while no block is told.
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(15);

    private readonly ImmutableArray<RpcRequest> _questions =
        [NodeQuestions.FeeHistory(BlocksToLookAt), NodeQuestions.Tip, NodeQuestions.GetBalance(account)];

    private readonly IStopwatch _clock = scheduler.StartStopwatch();
    private readonly DataFeeOracle _oracle = new(transport);
    private (ulong Block, TimeSpan At, FeeQuote Quote)? _last;
    private GasPrice? _price;
    private UInt256 _weiPerByte;
    private bool _wasTooLow;

    /// <summary>The last quote, for people: whatever its age. Null before the first one. From any thread.</summary>
    public GasPrice? Price => Volatile.Read(ref _price);

    /// <summary>The questions, to go with others in one message.</summary>
    public IReadOnlyList<RpcRequest> Questions() => [.. _questions, .. _oracle.Questions()];

    /// <summary>The quote of a block that was asked for before; null when it must be asked for.</summary>
    public FeeQuote? Known(ulong block) =>
        _last is { } last && last.Block == block && _clock.Elapsed - last.At < _longest ? last.Quote : null;

    /// <summary>The quote by the answers to the questions; null, and why, when the node does not say. Without a base
    /// fee one more message asks for the gas price.</summary>
    public async Task<(FeeQuote? Quote, string Problem)> ReadAsync(
        ulong block, IReadOnlyList<RpcReply> replies, CancellationToken cancellationToken)
    {
        _weiPerByte = _oracle.Read([.. replies.Skip(_questions.Length)]) ?? _weiPerByte;
        var suggested = Amount(replies[1]) ?? 0;
        var (price, problem) = await ReadPriceAsync(replies[0], suggested, cancellationToken).ConfigureAwait(false);
        var quote = price is null ? null : price with { WeiPerByte = _weiPerByte, Balance = Amount(replies[2]) };
        _last = quote is null ? null : (block, _clock.Elapsed, quote);
        _wasTooLow &= quote is null;
        if (quote is not null)
        {
            var tip = (quote.Fees as DynamicFees)?.MaxPriorityFeePerGas ?? 0;
            Volatile.Write(ref _price, new GasPrice(block, quote.BaseFee, quote.Fees.MostWeiPerGas, tip));
        }

        return (quote, problem);
    }

    /// <summary>Forgets the quote: it was too low.</summary>
    public void Forget() => (_last, _wasTooLow) = (null, true);

    private async Task<(FeeQuote? Quote, string Problem)> ReadPriceAsync(
        RpcReply history, UInt256 suggested, CancellationToken cancellationToken)
    {
        if (history is RpcResult result && ReadHistory(result, suggested) is { } quote)
        {
            return (quote, "");
        }

        if (history is RpcNoAnswer || (history is RpcError error && TransientErrors.IsPassing(error)))
        {
            return (null, $"The node does not say what gas costs: {Said(history)}");
        }

        var price = await transport.AskAsync(NodeQuestions.GasPrice, cancellationToken).ConfigureAwait(false);
        return price is not RpcResult priced || NodeAnswers.ReadAmount(priced) is not { } wei
                ? (null, $"The node does not say what gas costs: {Said(price)}")
            : wei > options.MaxFeePerGas
                ? (null, $"A unit of gas costs {EtherAmount.Gwei(wei)}, and the limit is "
                    + $"{EtherAmount.Gwei(options.MaxFeePerGas)}.")
            : (new FeeQuote(new LegacyFees(wei), 0), "");
    }

    // Null where there is no base fee: nodes of chains from before EIP-1559 leave it out or give 0.
    private FeeQuote? ReadHistory(RpcResult result, UInt256 suggested)
    {
        using var document = JsonDocument.Parse(result.Json);
        var history = document.RootElement;
        if (history.ValueKind != JsonValueKind.Object
            || !history.TryGetProperty("baseFeePerGas", out var fees) || fees.ValueKind != JsonValueKind.Array
            || fees.GetArrayLength() == 0
            || NodeAnswers.ReadAmount(NodeAnswers.ReadText(fees[fees.GetArrayLength() - 1])) is not { } baseFee
            || baseFee == 0)
        {
            return null;
        }

        // Many nodes suggest a fixed number, which is far from what blocks are paid.
        var paid = MedianTip(history);
        var tip = Wei.Larger(
            paid == 0 ? suggested : _wasTooLow ? Wei.Larger(paid, suggested) : paid, options.MinPriorityFeePerGas);
        var most = Wei.Smaller(Wei.Add(Wei.Multiply(baseFee, 2), tip), options.MaxFeePerGas);
        return new FeeQuote(new DynamicFees(most, Wei.Smaller(tip, most)), baseFee);
    }

    // The 0 of empty blocks is no tip that was paid.
    private static UInt256 MedianTip(JsonElement history)
    {
        if (!history.TryGetProperty("reward", out var rewards) || rewards.ValueKind != JsonValueKind.Array)
        {
            return 0;
        }

        var tips = rewards.EnumerateArray()
            .Where(ofBlock => ofBlock.ValueKind == JsonValueKind.Array && ofBlock.GetArrayLength() > 0)
            .Select(ofBlock => NodeAnswers.ReadAmount(NodeAnswers.ReadText(ofBlock[0])) ?? 0)
            .Where(tip => tip > 0)
            .Order()
            .ToList();
        return tips.Count == 0 ? 0 : tips[tips.Count / 2];
    }

    private static UInt256? Amount(RpcReply reply) => reply is RpcResult result ? NodeAnswers.ReadAmount(result) : null;

    private static string Said(RpcReply reply) => reply switch
    {
        RpcError error => $"\"{error.Message}\".",
        RpcNoAnswer none => none.Detail,
        _ => "its answer is no number.",
    };
}
