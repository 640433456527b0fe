using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Reactive.Concurrency;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>
/// Hours of a manager of transactions in virtual time, from a seed: proofs each period, reservations and payouts between them, while the
/// base fee rises tenfold for an hour, the pool loses transactions, answers are lost or wrong, blocks are replaced, and
/// the host is killed.
/// </summary>
internal sealed class TransactionDay
{
    private const ulong PeriodSeconds = 120;
    private const int Slots = 5;
    private const ulong Gwei = 1_000_000_000;
    private const int GasUsed = 50_000;

    private readonly VirtualTime _time = new();
    private readonly FakeNode _node;
    private readonly MemoryJournal _journal = new();
    private readonly Random _random;
    private readonly TransactionOptions _options;
    private readonly TimeSpan _block;
    private readonly Dictionary<string, ulong> _done = [];
    private readonly HashSet<(string Data, ulong Block)> _failed = [];
    private readonly Dictionary<string, ulong> _until = [];
    private TransactionManager _manager;
    private bool _isTroubled = true;
    private double _fee = 10;
    private TimeSpan _tipUntil;
    private ulong _leastTip;
    private uint _wishes;

    public TransactionDay(double secondsPerBlock, int seed, TransactionOptions? options = null)
    {
        _random = new Random(seed);
        _block = TimeSpan.FromSeconds(secondsPerBlock);
        _options = options ?? new TransactionOptions { MostWeiPerDay = UInt256.Parse("20000000000000000000") };
        _node = new FakeNode(_time, TransactionBench.Account)
        {
            IsRecording = false,
            FinalDepth = 40,
            Revert = (data, block) => block is "head" or "" ? WhyNot(data)
                : _failed.Contains((data, NodeAnswers.ReadNumber(block) ?? 0)) ? "0x3edef7db"
                : null,
            PaidPerGas = PaidPerGas,
            Instead = asked => Disturb(asked, isDone: false),
            Afterwards = asked => Disturb(asked, isDone: true),
        };
        _manager = Start();
    }

    public int Wanted { get; private set; }

    public int Landed { get; private set; }

    /// <summary>Proofs that were in no block of their period.</summary>
    public int Missed { get; private set; }

    /// <summary>Reservations and payouts that were not sent within a quarter of an hour.</summary>
    public int NotSent { get; private set; }

    /// <summary>Proofs that were in a block of a later period: paid for nothing.</summary>
    public int Late { get; private set; }

    public int Twice { get; private set; }

    public int Replaced { get; private set; }

    public int Kills { get; private set; }

    /// <summary>Between two replacements of a nonce; null when none was replaced twice.</summary>
    public TimeSpan? ShortestReplacement { get; private set; }

    public int MostInFlight { get; private set; }

    public UInt256 Spent { get; private set; }

    public UInt256 DearestGas { get; private set; }

    public int Open => _journal.Open.Count() + _node.Pool.Count;

    public int MostNoted { get; private set; }

    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{Wanted} wanted, {Landed} landed, {Missed} proofs missed, {Late} late, {NotSent} not sent, {Twice} sent twice, "
        + $"{Replaced} replaced (again after {ShortestReplacement?.TotalSeconds ?? double.NaN:F0} s at the soonest), "
        + $"{Kills} kills, {MostInFlight} in flight at most, "
        + $"{Spent / Gwei} gwei spent, {DearestGas / Gwei} gwei a unit of gas at most, "
        + $"{MostNoted} notes kept at most, {Open} left open");

    public TransactionDay Run(double hours)
    {
        var end = TimeSpan.FromHours(hours);
        var period = 0UL;
        for (ulong blocks = 1; _time.Elapsed < end; blocks++)
        {
            SetFee(hours);
            SetTip();
            Disturb();
            Mine(blocks);
            if (_node.Head.Time.Value / PeriodSeconds is var now && now > period)
            {
                period = now;
                for (ulong slot = 0; slot < Slots; slot++)
                {
                    Want(TransactionKind.SubmitProof, slot, period);
                }
            }

            if (_random.NextDouble() < _block.TotalSeconds / 60)
            {
                Want(_random.Next(4) == 0 ? TransactionKind.FreeSlot : TransactionKind.ReserveSlot, 1_000 + _wishes, null);
            }
        }

        // Then nothing goes wrong any more, until all that is left is final.
        _isTroubled = false;
        var quiet = Math.Max(60, (int)(TimeSpan.FromMinutes(20) / _block));
        SetTip();
        for (ulong blocks = 1; blocks <= (ulong)quiet; blocks++)
        {
            Mine(blocks);
        }

        Measure();
        return this;
    }

    private void SetFee(double hours)
    {
        var isSpike = _time.Elapsed >= TimeSpan.FromHours(hours / 3)
            && _time.Elapsed < TimeSpan.FromHours((hours / 3) + Math.Min(1, hours / 4));

        // Up by an eighth with each block, or down, as it does.
        var aim = isSpike ? 100.0 : 10.0;
        var step = _random.NextDouble() * (_random.Next(20) == 0 ? 3 : 0.125);
        _fee = _fee < aim ? Math.Min(_fee * (1 + step), aim * 1.5) : _fee * (1 - Math.Min(step, 0.5));
        _node.BaseFee = (ulong)(_fee * Gwei);
    }

    // For a while nothing is taken, or only what gives a little more than is usual.
    private void SetTip()
    {
        if (_time.Elapsed >= _tipUntil && _random.NextDouble() < _block.TotalSeconds / 900)
        {
            _tipUntil = _time.Elapsed + TimeSpan.FromSeconds(_random.Next(20, 90));
            _leastTip = _random.Next(2) == 0 ? 2_200_000_000 : ulong.MaxValue;
        }

        var least = _isTroubled && _time.Elapsed < _tipUntil ? _leastTip : 0;
        _node.Takes = sent => ((DynamicFees)sent.Fees).MaxPriorityFeePerGas >= least;
    }

    private void Disturb()
    {
        // By time, not by blocks: a host in a day of any chain meets as much of it.
        if (_random.NextDouble() < _block.TotalSeconds / 180)
        {
            _node.DropPool();
        }

        if (_random.NextDouble() < _block.TotalSeconds / 1_800)
        {
            TakeBack(_random.Next(1, 4));
        }

        if (_random.NextDouble() < _block.TotalSeconds / 5_400)
        {
            Kills++;
            _manager.Dispose();
            _manager = Start();
        }
    }

    private void TakeBack(int blocks)
    {
        var first = _node.Head.Number - (ulong)blocks + 1;
        _node.TakeBack(blocks, isKept: _random.Next(2) == 0);
        foreach (var (data, _) in _done.Where(done => done.Value >= first).ToList())
        {
            _done.Remove(data);
        }

        _failed.RemoveWhere(failed => failed.Block >= first);
    }

    private void Mine(ulong blocks)
    {
        // The seconds of blocks that come faster than one a second: some have the time of the one before.
        _node.BlockSeconds = (ulong)(blocks * _block.TotalSeconds) - (ulong)((blocks - 1) * _block.TotalSeconds);
        _time.AdvanceBy(_block);
        _node.Mine();
        foreach (var (_, mined) in _node.Head.Transactions)
        {
            var data = NodeQuestions.Bytes(mined.Data.AsSpan());
            var isLate = _until.TryGetValue(data, out var until) && until < _node.Head.Time.Value;
            var isTwice = !mined.Data.IsEmpty && !_done.TryAdd(data, _node.Head.Number);
            if (isLate || isTwice)
            {
                _failed.Add((data, _node.Head.Number));
            }

            Late += isLate ? 1 : 0;
            Twice += isTwice ? 1 : 0;
            if (isLate && !isTwice)
            {
                _done.Remove(data);
            }
        }

        MostInFlight = Math.Max(MostInFlight, _node.Pool.Count);
        MostNoted = Math.Max(MostNoted, _journal.Count);
    }

    private void Measure()
    {
        Spent = _node.Paid.Aggregate(UInt256.Zero, (sum, price) => sum + (price * GasUsed));
        DearestGas = _node.Paid.Aggregate(UInt256.Zero, (most, price) => price > most ? price : most);
        var replacements = _journal.Notes.Where(entry => entry.End is null && entry.Attempts.Length > 1).ToList();
        Replaced = replacements.Select(entry => entry.Attempts[^1].Hash).Distinct().Count();
        ShortestReplacement = replacements.Where(entry => entry.Attempts.Length > 2)
            .Select(entry => (TimeSpan?)(entry.Attempts[^1].SentAt - entry.Attempts[^2].SentAt))
            .Min();
    }

    private void Want(TransactionKind kind, ulong slot, ulong? period)
    {
        Span<byte> id = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(id, (uint)kind);
        BinaryPrimitives.WriteUInt32BigEndian(id[4..], ++_wishes);
        var key = new SlotKey(new RequestId(Keccak256.Hash(BitConverter.GetBytes(slot))), slot);
        ulong? until = period is { } of ? ((of + 1) * PeriodSeconds) - 1 : null;
        ImmutableArray<byte> data = [.. id];
        if (until is { } last)
        {
            _until[NodeQuestions.Bytes(id)] = last;
        }

        Wanted++;
        var intent = new TransactionIntent(
            new TransactionPurpose(kind, key, period, 0),
            new ContractCall(TransactionBench.Account, Recording.Marketplace, $"{kind}", data),
            until is { } second ? new UnixSeconds(second) : null);
        var giveUpAt = _time.Elapsed + TimeSpan.FromMinutes(15);
        _time.Schedule(TimeSpan.FromSeconds(period is null ? 0 : 2), () => _ = WantAsync(intent, giveUpAt));
    }

    // As the pipeline does: what is not sent, or in doubt, is asked for again as long as it makes sense.
    private async Task WantAsync(TransactionIntent intent, TimeSpan giveUpAt)
    {
        var data = NodeQuestions.Bytes(intent.Call.Data.AsSpan());
        while (!_done.ContainsKey(data))
        {
            if (intent.Until < _node.Head.Time)
            {
                Missed++;
                return;
            }

            if (intent.Until is null && _time.Elapsed > giveUpAt)
            {
                NotSent++;
                return;
            }

            try
            {
                await _manager.SubmitAsync(intent, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                // The host was killed.
            }

            var later = new TaskCompletionSource();
            _time.Schedule(TimeSpan.FromSeconds(1), () => later.SetResult());
            await later.Task;
        }

        Landed++;
    }

    // As the contract: what is done is not done again, and a proof is one of its period.
    private string? WhyNot(string data) =>
        _done.ContainsKey(data) ? "0x3edef7db"
        : _until.TryGetValue(data, out var until) && until < _node.Head.Time.Value ? "0x5e26b2a4"
        : null;

    private RpcReply? Disturb(RpcRequest asked, bool isDone)
    {
        if (!_isTroubled || _random.Next(60) != 0)
        {
            return null;
        }

        var isSend = asked.Method == "eth_sendRawTransaction";
        return (_random.Next(5), isDone) switch
        {
            (0, _) => new RpcNoAnswer("Lost.", MayHaveArrived: true),
            (1, _) => Replies.Error(429, "Too Many Requests"),
            (2, false) when isSend => Replies.Error(-32000, "txpool is full"),
            (3, false) when isSend => Replies.Error(-32000, "replacement transaction underpriced"),
            (2, false) when asked.Method == "eth_getTransactionReceipt" => Replies.Null,
            (3, false) when asked.Method == "eth_getTransactionCount" && IsOfPool(asked) =>
                Replies.Text(NodeQuestions.Quantity(_node.NextNonce + (ulong)_node.Pool.Count + 1)),
            _ => null,
        };
    }

    private static bool IsOfPool(RpcRequest asked) => Replies.ParametersOf(asked)[1].GetString() == "pending";

    private static UInt256 PaidPerGas(UnsignedTransaction mined, UInt256 baseFee)
    {
        var fees = (DynamicFees)mined.Fees;
        var price = baseFee + fees.MaxPriorityFeePerGas;
        return price < fees.MaxFeePerGas ? price : fees.MaxFeePerGas;
    }

    private TransactionManager Start()
    {
        var manager = new TransactionManager(
            _node, new StampSigner(TransactionBench.Account), 31_337, _journal, _options, _node.Heads, _node.FinalHeads, _time)
        {
            ProofPeriodSeconds = PeriodSeconds,
        };
        _time.RunDue();
        return manager;
    }
}
