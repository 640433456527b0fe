using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>
/// A node with a pool and blocks for the transactions of one account, in virtual time. It speaks and decides as geth
/// does; a test may answer in its place, or lose an answer.
/// </summary>
internal sealed class FakeNode(IScheduler time, Address account) : IRpcTransport
{
    /// <summary>How long an answer takes.</summary>
    public static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(50);

    /// <summary>How many blocks stand on the newest one that is final.</summary>
    public int FinalDepth { get; set; } = 12;

    private static readonly FakeBlock _first = new(100, 0, new UnixSeconds(1_000), []);

    private readonly BehaviorSubject<BlockStamp> _heads = new(_first.Stamp);
    private readonly ReplaySubject<BlockStamp> _finalHeads = new(1);
    private readonly List<FakeBlock> _blocks = [_first];
    private readonly Dictionary<string, FakeBlock> _byHash = new() { [$"{_first.Hash}"] = _first };
    private readonly Dictionary<string, (FakeBlock Block, PooledTransaction Mined, UInt256 BaseFee)> _mined = [];
    private readonly Dictionary<ulong, ulong> _counts = [];
    private readonly SortedDictionary<ulong, PooledTransaction> _pool = [];
    private int _fork;

    public IObservable<BlockStamp> Heads => _heads.AsObservable();

    public IObservable<BlockStamp> FinalHeads => _finalHeads.AsObservable();

    /// <summary>How many seconds lie between two blocks.</summary>
    public ulong BlockSeconds { get; set; } = 12;

    /// <summary>What was asked, in order.</summary>
    public List<RpcRequest> Asked { get; } = [];

    /// <summary>The messages by which it was asked, in order: each is a round trip.</summary>
    public List<IReadOnlyList<RpcRequest>> Messages { get; } = [];

    /// <summary>Answers in the node's place, before it does anything; null lets the node do it.</summary>
    public Func<RpcRequest, RpcReply?> Instead { get; set; } = _ => null;

    /// <summary>Answers in the node's place, after it has done it; null lets the node's answer through.</summary>
    public Func<RpcRequest, RpcReply?> Afterwards { get; set; } = _ => null;

    /// <summary>
    /// Why a call reverts, by its data and the block that it is asked of ("head" for the newest one by its hash, else its
    /// height, or the word by which it is asked of): the data of the revert. Null: it passes.
    /// </summary>
    public Func<string, string, string?> Revert { get; set; } = (_, _) => null;

    /// <summary>What a mined transaction logs, as JSON.</summary>
    public Func<UnsignedTransaction, string> Logs { get; set; } = _ => "[]";

    public UInt256 BaseFee { get; set; } = 10_000_000_000;

    /// <summary>What a mined transaction paid for a unit of gas, by itself and its block's base fee.</summary>
    public Func<UnsignedTransaction, UInt256, UInt256> PaidPerGas { get; set; } = (_, _) => 1_000_000_000;

    /// <summary>Whether makers of blocks take a transaction that pays the base fee.</summary>
    public Func<UnsignedTransaction, bool> Takes { get; set; } = _ => true;

    /// <summary>Whether it is kept what was asked: not in runs of days.</summary>
    public bool IsRecording { get; set; } = true;

    public FakeBlock Head => _blocks[^1];

    public IReadOnlyCollection<PooledTransaction> Pool => _pool.Values;

    /// <summary>All that is in blocks.</summary>
    public IEnumerable<UnsignedTransaction> Mined =>
        _blocks.SelectMany(block => block.Transactions).Select(mined => mined.Transaction);

    /// <summary>What the transactions in blocks paid for a unit of gas.</summary>
    public IEnumerable<UInt256> Paid => _mined.Values.Select(mined => PaidPerGas(mined.Mined.Transaction, mined.BaseFee));

    public ulong NextNonce { get; private set; }

    public IEnumerable<RpcRequest> Sends =>
        Asked.Where(asked => asked.Method is "eth_sendRawTransaction" or "eth_sendTransaction");

    public async Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellation) =>
        (await AskAsync([request], cancellation))[0];

    public Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellation)
    {
        if (IsRecording)
        {
            Messages.Add(requests);
        }

        return AnswerLaterAsync(() => (IReadOnlyList<RpcReply>)[.. requests.Select(Answer)], cancellation);
    }

    /// <summary>Sets how many transactions the account has sent, as if somebody else had.</summary>
    public void SendElsewhere(ulong transactions) => NextNonce += transactions;

    /// <summary>Takes a transaction into the pool that somebody else passes on.</summary>
    public void Offer(PooledTransaction transaction) => _pool[transaction.Transaction.Nonce] = transaction;

    /// <summary>Forgets what is in no block.</summary>
    public void DropPool() => _pool.Clear();

    /// <summary>Makes a block of all that pays enough and comes next, and announces it.</summary>
    public void Mine(int blocks = 1)
    {
        for (; blocks > 0; blocks--)
        {
            var taken = new List<PooledTransaction>();
            while (_pool.TryGetValue(NextNonce, out var next) && next.Transaction.Fees.MostWeiPerGas >= BaseFee
                && Takes(next.Transaction))
            {
                taken.Add(next);
                _pool.Remove(NextNonce++);
            }

            Add(new FakeBlock(Head.Number + 1, _fork, Head.Time.Plus(BlockSeconds), [.. taken]));
            _heads.OnNext(Head.Stamp);
            if (_blocks.Count > FinalDepth)
            {
                _finalHeads.OnNext(_blocks[^(FinalDepth + 1)].Stamp);
            }
        }
    }

    private void Add(FakeBlock block)
    {
        _blocks.Add(block);
        _byHash[$"{block.Hash}"] = block;
        _counts[block.Number] = NextNonce;
        foreach (var mined in block.Transactions)
        {
            _mined[$"{mined.Hash}"] = (block, mined, BaseFee);
        }
    }

    /// <summary>Whether a call is as of a block that is in the chain.</summary>
    public bool Knows(RpcRequest call) => NameOf(Replies.ParametersOf(call)) is not null;

    /// <summary>Takes blocks back, and what was in them into the pool, or nowhere.</summary>
    public void TakeBack(int blocks, bool isKept = true)
    {
        for (; blocks > 0; blocks--)
        {
            _byHash.Remove($"{Head.Hash}");
            foreach (var mined in Head.Transactions)
            {
                NextNonce--;
                _mined.Remove($"{mined.Hash}");
                if (isKept)
                {
                    _pool[mined.Transaction.Nonce] = mined;
                }
            }

            _blocks.RemoveAt(_blocks.Count - 1);
        }

        _fork++;
    }

    private Task<T> AnswerLaterAsync<T>(Func<T> answer, CancellationToken cancellation)
    {
        var reply = new TaskCompletionSource<T>();
        var registration = cancellation.Register(() => reply.TrySetCanceled(cancellation));
        time.Schedule(Latency, () =>
        {
            registration.Dispose();
            if (!reply.Task.IsCompleted)
            {
                reply.TrySetResult(answer());
            }
        });
        return reply.Task;
    }

    private RpcReply Answer(RpcRequest request)
    {
        if (IsRecording)
        {
            Asked.Add(request);
        }

        return Instead(request) is { } instead ? instead
            : Act(request) is var answer && Afterwards(request) is { } afterwards ? afterwards
            : answer;
    }

    private RpcReply Act(RpcRequest request)
    {
        var parameters = Replies.ParametersOf(request);
        return request.Method switch
        {
            "eth_sendRawTransaction" => Take(parameters[0].GetString()!),
            "eth_sendTransaction" => Take(SignedHere(parameters[0])),
            "eth_estimateGas" => Execute(parameters, "0x186a0"),
            "eth_call" => Execute(parameters, "0x"),
            "eth_feeHistory" => Replies.Result(
                $$"""{"baseFeePerGas":["0x1","{{NodeQuestions.Quantity(BaseFee)}}"],"reward":[["0x77359400"]]}"""),
            "eth_getTransactionCount" => Replies.Text(NodeQuestions.Quantity(parameters[1].GetString() switch
            {
                "latest" => NextNonce,
                "pending" => CountWithPool(),
                var number => _counts.GetValueOrDefault(NodeAnswers.ReadNumber(number)!.Value),
            })),
            "eth_getTransactionReceipt" => FindReceipt(parameters[0].GetString()!),
            "eth_getTransactionByHash" => IsKnown(parameters[0].GetString()!) ? Replies.Result("{}") : Replies.Null,
            "eth_getBlockByHash" => Write(_byHash.GetValueOrDefault(parameters[0].GetString()!)),
            "eth_getBlockByNumber" => Write(BlockOf(NodeAnswers.ReadNumber(parameters[0].GetString())!.Value)),
            _ => Replies.Error(-32601, "the method does not exist/is not available"),
        };
    }

    private SignedTransaction SignedHere(JsonElement sent)
    {
        UInt256 Amount(string name) => NodeAnswers.ReadAmount(sent.GetProperty(name).GetString())!.Value;
        return new UnsignedTransaction
        {
            ChainId = (ulong)Amount("chainId"),
            Nonce = (ulong)Amount("nonce"),
            To = Address.Parse(sent.GetProperty("to").GetString()),
            Value = Amount("value"),
            Data = [.. NodeAnswers.ReadBytes(sent.GetProperty("data").GetString())!],
            GasLimit = (ulong)Amount("gas"),
            Fees = new DynamicFees(Amount("maxFeePerGas"), Amount("maxPriorityFeePerGas")),
        }.Sign(isYOdd: true, r: 7, s: 8);
    }

    private RpcReply Take(string raw) => Take(new SignedTransaction([.. NodeAnswers.ReadBytes(raw)!]));

    private RpcReply Take(SignedTransaction signed)
    {
        Assert.True(signed.TryGetUnsigned(out var transaction));
        var (nonce, hash) = (transaction.Nonce, signed.GetHash());
        if (nonce < NextNonce)
        {
            return Replies.Error(-32000, $"nonce too low: next nonce {NextNonce}, tx nonce {nonce}");
        }

        if (_pool.TryGetValue(nonce, out var other))
        {
            if (other.Hash == hash)
            {
                return Replies.Error(-32000, "already known");
            }

            if (!IsTenthMore(other.Transaction.Fees, transaction.Fees))
            {
                return Replies.Error(-32000, "replacement transaction underpriced");
            }
        }

        _pool[nonce] = new PooledTransaction(hash, transaction);
        return Replies.Text($"{hash}");
    }

    private static bool IsTenthMore(TransactionFees before, TransactionFees after) =>
        (before, after) is not (DynamicFees old, DynamicFees raised)
        || (raised.MaxFeePerGas * 10 >= old.MaxFeePerGas * 11
            && raised.MaxPriorityFeePerGas * 10 >= old.MaxPriorityFeePerGas * 11);

    private RpcReply Execute(JsonElement parameters, string result) =>
        NameOf(parameters) is not { } block ? Replies.Error(-32000, "header for hash not found")
        : Revert(parameters[0].GetProperty("data").GetString()!, block) is { } revert ? Replies.Revert(revert)
        : Replies.Text(result);

    // Null for a block that is not in the chain.
    private string? NameOf(JsonElement parameters)
    {
        if (parameters.GetArrayLength() < 2 || parameters[1].ValueKind != JsonValueKind.Object)
        {
            return parameters.GetArrayLength() < 2 ? "" : parameters[1].GetString();
        }

        var hash = parameters[1].GetProperty("blockHash").GetString();
        return $"{Head.Hash}" == hash ? "head"
            : _byHash.TryGetValue(hash!, out var block) ? NodeQuestions.Quantity(block.Number)
            : null;
    }

    private ulong CountWithPool()
    {
        var count = NextNonce;
        while (_pool.ContainsKey(count))
        {
            count++;
        }

        return count;
    }

    private FakeBlock? BlockOf(ulong number) =>
        number < _first.Number || number > Head.Number ? null : _blocks[(int)(number - _first.Number)];

    private bool IsKnown(string hash) =>
        _mined.ContainsKey(hash) || _pool.Values.Any(known => $"{known.Hash}" == hash);

    private RpcResult FindReceipt(string hash)
    {
        if (!_mined.TryGetValue(hash, out var found))
        {
            return Replies.Null;
        }

        var (block, mined, baseFee) = found;
        var data = NodeQuestions.Bytes(mined.Transaction.Data.AsSpan());
        var isReverted = Revert(data, NodeQuestions.Quantity(block.Number - 1)) is not null
            || Revert(data, NodeQuestions.Quantity(block.Number)) is not null;
        return Replies.Result(
            $$"""
            {"blockNumber":"{{NodeQuestions.Quantity(block.Number)}}","blockHash":"{{block.Hash}}",
            "status":"{{(isReverted ? "0x0" : "0x1")}}","gasUsed":"0xc350",
            "effectiveGasPrice":"{{NodeQuestions.Quantity(PaidPerGas(mined.Transaction, baseFee))}}",
            "logs":{{(isReverted ? "[]" : Logs(mined.Transaction))}}}
            """);
    }

    private RpcResult Write(FakeBlock? block)
    {
        if (block is null)
        {
            return Replies.Null;
        }

        var transactions = block.Transactions.Select(mined => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"from":"{{account}}","nonce":"0x{{mined.Transaction.Nonce:x}}","hash":"{{mined.Hash}}"}"""));
        return Replies.Result(
            $$"""
            {"number":"{{NodeQuestions.Quantity(block.Number)}}","hash":"{{block.Hash}}",
            "timestamp":"{{NodeQuestions.Quantity(block.Time.Value)}}",
            "transactions":[{{string.Join(',', transactions)}}]}
            """);
    }
}
