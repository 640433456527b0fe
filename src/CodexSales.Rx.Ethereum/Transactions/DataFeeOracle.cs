using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>
/// Asks what a byte of a transaction costs besides its gas: some rollups charge for what they write to the chain below,
/// and have a contract that says how much. Others count it as gas.
/// </summary>
/// <remarks>
/// A chain that has no such contract is asked for it again now and then. Source: the predeployed <c>GasPriceOracle</c> of
/// the OP stack, and Scroll's <c>L1GasPriceOracle</c>.
/// </remarks>
internal sealed class DataFeeOracle(IRpcTransport transport)
{
    // What can't be compressed costs the most for its length: so a price by length is one that is not exceeded.
    private const int SampleWords = 16;
    private const int SampleSize = SampleWords * Bytes32.Size;

    private static readonly ContractFunction _getFee = new("getL1Fee(bytes)");

    private static readonly ImmutableArray<RpcRequest> _questions =
    [
        Ask(Address.Parse("0x420000000000000000000000000000000000000f")),
        Ask(Address.Parse("0x5300000000000000000000000000000000000002")),
    ];

    private readonly NotTaken _none = new(transport);

    /// <summary>What to ask now, to go with other questions in one message; often nothing.</summary>
    public IReadOnlyList<RpcRequest> Questions() => _none.IsLikely() ? [] : _questions;

    /// <summary>The wei that each byte costs; 0 on a chain where it costs nothing, null when that was not asked.</summary>
    public UInt256? Understand(IReadOnlyList<RpcReply> replies)
    {
        if (replies.Count == 0)
        {
            return null;
        }

        foreach (var result in replies.OfType<RpcResult>())
        {
            if (NodeAnswers.ReadBytes(result) is { Length: Bytes32.Size } word)
            {
                var ofSample = UInt256.FromBigEndian(word);
                return ofSample == 0 ? 0 : (ofSample / SampleSize) + 1;
            }
        }

        if (replies.All(reply => reply is RpcResult or RpcError))
        {
            _none.Learn();
        }

        return 0;
    }

    private static RpcRequest Ask(Address oracle)
    {
        var data = new CallData(_getFee).Add((UInt256)Bytes32.Size).Add((UInt256)SampleSize);
        for (var word = 0; word < SampleWords; word++)
        {
            data.Add(Keccak256.Hash([(byte)word]));
        }

        return NodeQuestions.Call(new ContractCall(default, oracle, _getFee, data.ToBytes()), BlockTag.Latest);
    }
}
