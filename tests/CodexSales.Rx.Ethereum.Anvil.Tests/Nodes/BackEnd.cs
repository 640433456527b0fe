using System.Globalization;
using System.Text.Json.Nodes;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Nodes;

/// <summary>
/// Answers questions as of another block than the one that the node would take, and as if it did not know the newest
/// ones.
/// </summary>
/// <param name="node">The node that knows everything.</param>
/// <param name="pending">Which block "pending" is, but for nonces.</param>
/// <param name="blocksBehind">How many of the newest blocks it does not know.</param>
internal sealed class BackEnd(JsonRpc node, PendingBlock pending, ulong blocksBehind)
{
    private const ulong PendingBehind = 2;

    // What takes a block, and at which place. Of nonces only "latest" is another one: what was sent is there even so.
    private static readonly Dictionary<string, int> PlaceOfBlock = new()
    {
        ["eth_call"] = 1,
        ["eth_estimateGas"] = 1,
        ["eth_getBalance"] = 1,
        ["eth_getCode"] = 1,
        ["eth_feeHistory"] = 1,
        ["eth_getBlockByNumber"] = 0,
        ["eth_getBlockReceipts"] = 0,
    };

    /// <summary>The newest block that it may know, or not: all of a message is answered as of one.</summary>
    public async Task<ulong> AskHeadAsync() => Number((await AskNodeAsync("eth_blockNumber", []))["result"]);

    /// <summary>The reply to a question: it has a result or an error.</summary>
    /// <param name="method">What is asked.</param>
    /// <param name="parameters">Its parameters, which are changed.</param>
    /// <param name="head">The newest block.</param>
    public async Task<JsonObject> AskAsync(string method, JsonArray parameters, ulong head)
    {
        var newest = head - Math.Min(head, blocksBehind);
        if (PlaceOfBlock.TryGetValue(method, out var place)
            && await PutBlockAsync(method, parameters, place, head, newest) is { } unknown)
        {
            return unknown;
        }

        return method switch
        {
            "eth_blockNumber" => Result(JsonValue.Create(Quantity.Of(newest))),
            "eth_getTransactionCount" when blocksBehind > 0 && $"{parameters[1]}" == "latest" =>
                await AskNodeAsync(method, [parameters[0]?.DeepClone(), Quantity.Of(newest)]),
            "eth_getLogs" => await AskLogsAsync(parameters, newest),
            _ => Forget(method, await AskNodeAsync(method, parameters), newest),
        };
    }

    // Puts the block that is meant where the question names another one. What it gives instead is the whole reply.
    private async Task<JsonObject?> PutBlockAsync(
        string method, JsonArray parameters, int place, ulong head, ulong newest)
    {
        while (parameters.Count <= place)
        {
            parameters.Add("latest");
        }

        switch ($"{parameters[place]}")
        {
            case "pending" when pending is PendingBlock.Refused:
                return Error("pending block is not available");
            case "pending" when pending is PendingBlock.Behind:
                parameters[place] = Quantity.Of(head - PendingBehind);
                return null;
            case "pending" when pending is PendingBlock.Latest:
            case "latest" when blocksBehind > 0:
                parameters[place] = Quantity.Of(newest);
                return null;
            case "pending" or "latest" or "earliest":
                return null;
        }

        return blocksBehind == 0 || !(await FindNumberAsync(parameters[place]!) > newest) ? null
            : method is "eth_getBlockByNumber" or "eth_getBlockReceipts" ? Result(null)
            : Error("header not found");
    }

    // Of a block that is named by its number, its hash (EIP-1898) or a word; null when there is none.
    private async Task<ulong?> FindNumberAsync(JsonNode block) => block switch
    {
        JsonObject named when named["blockHash"] is { } hash => await FindNumberAsync("eth_getBlockByHash", hash),
        JsonObject named => Number(named["blockNumber"]),
        _ when $"{block}" is "finalized" or "safe" => await FindNumberAsync("eth_getBlockByNumber", block),
        _ => Number(block),
    };

    private async Task<ulong?> FindNumberAsync(string method, JsonNode block) =>
        (await AskNodeAsync(method, [block.DeepClone(), false]))["result"] is JsonObject found
            ? Number(found["number"])
            : null;

    private async Task<JsonObject> AskLogsAsync(JsonArray parameters, ulong newest)
    {
        var filter = parameters[0]!.AsObject();
        if (blocksBehind > 0
            && filter["blockHash"] is { } hash
            && await FindNumberAsync("eth_getBlockByHash", hash) > newest)
        {
            return Error("unknown block");
        }

        var reply = await AskNodeAsync("eth_getLogs", parameters);
        if (reply["result"] is JsonArray logs)
        {
            foreach (var log in logs.Where(log => Number(log!["blockNumber"]) > newest).ToList())
            {
                logs.Remove(log);
            }
        }

        return reply;
    }

    // What is in a block that is not known is not in a block.
    private static JsonObject Forget(string method, JsonObject reply, ulong newest)
    {
        var key = method switch
        {
            "eth_getBlockByHash" => "number",
            "eth_getTransactionReceipt" or "eth_getTransactionByHash" => "blockNumber",
            _ => null,
        };
        if (key is null
            || reply["result"] is not JsonObject found
            || found[key] is null
            || Number(found[key]) <= newest)
        {
            return reply;
        }

        if (method != "eth_getTransactionByHash")
        {
            return Result(null);
        }

        (found["blockNumber"], found["blockHash"], found["transactionIndex"]) = (null, null, null);
        return reply;
    }

    private async Task<JsonObject> AskNodeAsync(string method, JsonArray parameters) =>
        JsonObject.Create(await node.AskAsync(method, [.. parameters]))!;

    private static JsonObject Result(JsonNode? result) => new() { ["jsonrpc"] = "2.0", ["result"] = result };

    private static JsonObject Error(string message) => new()
    {
        ["jsonrpc"] = "2.0",
        ["error"] = new JsonObject { ["code"] = -32000, ["message"] = message },
    };


    private static ulong Number(JsonNode? quantity) =>
        ulong.Parse($"{quantity}".AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
