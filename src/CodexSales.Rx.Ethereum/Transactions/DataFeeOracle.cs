namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Asks for the price of a transaction's bytes: some rollups charge for what they write to the chain below,
/// and have a contract that says how much. Source: <c>GasPriceOracle</c> of the OP stack, and Scroll's
/// <c>L1GasPriceOracle</c>.</summary>
internal sealed class DataFeeOracle(IRpcTransport transport)
{
    // Data that can't be compressed costs the most for its length, so its price is an upper bound.
    private const int SampleWords = 16;
    private const int SampleSize = SampleWords * Bytes32.Size;

    private static readonly ContractFunction _getFee = new("getL1Fee(bytes)");

    private static readonly ImmutableArray<RpcRequest> _questions =
    [
        Ask(Address.Parse("0x420000000000000000000000000000000000000f")),
        Ask(Address.Parse("0x5300000000000000000000000000000000000002")),
    ];

    private readonly NotTaken _none = new(transport);

    /// <summary>The questions for one message. A chain without an oracle is asked for it now and then.</summary>
    public IReadOnlyList<RpcRequest> Questions() => _none.IsLikely() ? [] : _questions;

    /// <summary>The wei for each byte; 0 on a chain where bytes are free, null when that was not asked.</summary>
    public UInt256? Read(IReadOnlyList<RpcReply> replies)
    {
        if (replies.Count == 0)
        {
            return null;
        }

        if (replies.OfType<RpcResult>().Select(result => NodeAnswers.ReadBytes(result))
            .FirstOrDefault(word => word?.Length == Bytes32.Size) is { } found)
        {
            var ofSample = UInt256.FromBigEndian(found);
            return ofSample == 0 ? 0 : (ofSample / SampleSize) + 1;
        }

        if (replies.All(reply => reply is RpcResult or RpcError))
        {
            _none.Learn();
        }

        return 0;
    }

    private static RpcRequest Ask(Address oracle)
    {
        var data = CallData.To(_getFee).Add((UInt256)Bytes32.Size).Add((UInt256)SampleSize);
        for (var word = 0; word < SampleWords; word++)
        {
            data.Add(Keccak256.Hash([(byte)word]));
        }

        return NodeQuestions.Call(new ContractCall(default, oracle, _getFee, data.ToBytes()), BlockTag.Latest);
    }
}
