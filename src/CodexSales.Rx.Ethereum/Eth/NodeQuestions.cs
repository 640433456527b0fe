namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>The questions to a node that calls and transactions need.</summary>
/// <remarks>Source: Ethereum execution APIs.</remarks>
internal static class NodeQuestions
{
    private const string PaidAtMedian = "[50]";

    public static RpcRequest ChainId { get; } = new("eth_chainId", "[]"u8.ToArray());

    public static RpcRequest GasPrice { get; } = new("eth_gasPrice", "[]"u8.ToArray());

    /// <summary>What the node would offer a block's maker for each unit of gas.</summary>
    public static RpcRequest Tip { get; } = new("eth_maxPriorityFeePerGas", "[]"u8.ToArray());

    public static RpcRequest Accounts { get; } = new("eth_accounts", "[]"u8.ToArray());

    public static RpcRequest Call(ContractCall call, BlockTag block) => Ask("eth_call", json =>
    {
        Write(json, call);
        json.WriteRawValue(block.Json);
    });

    /// <summary>How much gas a call takes as of a block; null leaves the block to the node.</summary>
    public static RpcRequest EstimateGas(ContractCall call, BlockTag? block) => Ask("eth_estimateGas", json =>
    {
        Write(json, call);
        if (block is { } tag)
        {
            json.WriteRawValue(tag.Json);
        }
    });

    public static RpcRequest GetCode(Address contract) => AskAt("eth_getCode", contract, BlockTag.Latest);

    public static RpcRequest GetBalance(Address account) => GetBalance(account, BlockTag.Latest);

    public static RpcRequest GetBalance(Address account, BlockTag block) => AskAt("eth_getBalance", account, block);

    public static RpcRequest GetTransactionCount(Address account, BlockTag block) =>
        AskAt("eth_getTransactionCount", account, block);

    /// <summary>The fees of the last blocks: their base fees, that of the next one, and the median tips.</summary>
    public static RpcRequest FeeHistory(int blocks) => Ask("eth_feeHistory", json =>
    {
        json.WriteStringValue(Quantity((ulong)blocks));
        json.WriteRawValue(BlockTag.Latest.Json);
        json.WriteRawValue(PaidAtMedian);
    });

    public static RpcRequest SendRawTransaction(ReadOnlySpan<byte> raw)
    {
        var text = Bytes(raw);
        return Ask("eth_sendRawTransaction", json => json.WriteStringValue(text));
    }

    /// <summary>A transaction that somebody else signs, as the object that names its every part.</summary>
    public static RpcRequest Transact(string method, Address from, UnsignedTransaction transaction) =>
        Ask(method, json => Write(json, from, transaction));

    public static RpcRequest GetTransactionReceipt(Bytes32 hash) =>
        Ask("eth_getTransactionReceipt", json => json.WriteStringValue(hash.ToString()));

    public static RpcRequest GetTransactionByHash(Bytes32 hash) =>
        Ask("eth_getTransactionByHash", json => json.WriteStringValue(hash.ToString()));

    public static RpcRequest GetBlockByHash(Bytes32 hash) => Ask("eth_getBlockByHash", json =>
    {
        json.WriteStringValue(hash.ToString());
        json.WriteBooleanValue(false);
    });

    public static RpcRequest GetBlock(ulong number) => GetBlock(BlockTag.At(number));

    public static RpcRequest GetBlock(BlockTag tag) => GetBlock(tag, isFull: false);

    /// <summary>A block with its transactions in full.</summary>
    public static RpcRequest GetFullBlock(ulong number) => GetBlock(BlockTag.At(number), isFull: true);

    public static string Quantity(ulong number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}");

    public static string Quantity(UInt256 number)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        number.WriteBigEndian(bytes);
        var digits = Convert.ToHexStringLower(bytes).TrimStart('0');
        return digits.Length == 0 ? "0x0" : $"0x{digits}";
    }

    public static string Bytes(ReadOnlySpan<byte> bytes) => $"0x{Convert.ToHexStringLower(bytes)}";

    private static RpcRequest GetBlock(BlockTag tag, bool isFull) => Ask("eth_getBlockByNumber", json =>
    {
        json.WriteRawValue(tag.Json);
        json.WriteBooleanValue(isFull);
    });

    private static RpcRequest AskAt(string method, Address account, BlockTag block) => Ask(method, json =>
    {
        json.WriteStringValue(account.ToString());
        json.WriteRawValue(block.Json);
    });

    private static RpcRequest Ask(string method, Action<Utf8JsonWriter> writeParameters)
    {
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text);
        json.WriteStartArray();
        writeParameters(json);
        json.WriteEndArray();
        json.Flush();
        return new RpcRequest(method, text.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter json, ContractCall call)
    {
        json.WriteStartObject();
        json.WriteString("from", call.From.ToString());
        json.WriteString("to", call.To.ToString());
        json.WriteString("data", Bytes(call.Data.AsSpan()));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Address from, UnsignedTransaction transaction)
    {
        json.WriteStartObject();
        json.WriteString("from", from.ToString());
        json.WriteString("to", transaction.To.ToString());
        json.WriteString("gas", Quantity(transaction.GasLimit));
        json.WriteString("value", Quantity(transaction.Value));
        json.WriteString("nonce", Quantity(transaction.Nonce));
        json.WriteString("data", Bytes(transaction.Data.AsSpan()));
        json.WriteString("chainId", Quantity(transaction.ChainId));
        switch (transaction.Fees)
        {
            case DynamicFees fees:
                json.WriteString("maxFeePerGas", Quantity(fees.MaxFeePerGas));
                json.WriteString("maxPriorityFeePerGas", Quantity(fees.MaxPriorityFeePerGas));
                break;
            case LegacyFees fees:
                json.WriteString("gasPrice", Quantity(fees.GasPrice));
                break;
        }

        json.WriteEndObject();
    }
}
