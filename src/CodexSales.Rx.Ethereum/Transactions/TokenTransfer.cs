namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>A transfer of tokens. Source: ERC-20, event <c>Transfer</c>.</summary>
internal sealed record TokenTransfer(Address Token, Address From, Address To, UInt256 Amount)
{
    private static readonly Bytes32 _topic = Keccak256.Hash("Transfer(address,address,uint256)"u8);

    /// <summary>Reads a log of a receipt; null when it is of another event.</summary>
    public static TokenTransfer? Read(JsonElement log)
    {
        if (log.ValueKind != JsonValueKind.Object
            || !log.TryGetProperty("topics", out var topics) || topics.ValueKind != JsonValueKind.Array
            || topics.GetArrayLength() != 3
            || !Bytes32.TryParse(NodeAnswers.ReadText(topics[0]), out var topic) || topic != _topic
            || !Hex.TryReadAddress(NodeAnswers.ReadText(log, "address"), out var token)
            || NodeAnswers.ReadBytes(NodeAnswers.ReadText(log, "data")) is not { Length: Bytes32.Size } data)
        {
            return null;
        }

        return AddressIn(topics[1]) is { } from && AddressIn(topics[2]) is { } to
            ? new TokenTransfer(token, from, to, UInt256.FromBigEndian(data))
            : null;
    }

    private static Address? AddressIn(JsonElement topic) =>
        NodeAnswers.ReadBytes(NodeAnswers.ReadText(topic)) is { Length: Bytes32.Size } word
            && !word.AsSpan(0, Bytes32.Size - Address.Size).ContainsAnyExcept((byte)0)
                ? new Address(word.AsSpan(Bytes32.Size - Address.Size))
                : null;
}
