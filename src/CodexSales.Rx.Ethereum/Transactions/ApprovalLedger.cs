using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Market;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>
/// Keeps account of which fills the marketplace is allowed to take collateral for, and allows just that: the allowance
/// never grows with fills that fail.
/// </summary>
/// <remarks>
/// Transactions land in the order of their nonces. So when an approval lands, every fill that was sent before it has
/// taken its share of the allowance before, or never will; what it has to allow is the sum of the fills that have not
/// been sent yet. Where an allowance is left over that is enough, nothing is sent.
/// </remarks>
internal sealed class ApprovalLedger(
    TransactionLane lane, MarketplaceCalls calls, TransactionOptions options)
{
    // An approval of before a restart may be joined that allows too little.
    private const int MostApprovals = 3;

    private readonly Lock _gate = new();
    private readonly List<Claim> _claims = [];
    private readonly Turns _turns = new();

    /// <summary>Claims collateral for a fill, until the claim is disposed.</summary>
    public Claim Open(UInt256 amount)
    {
        var claim = new Claim(this, amount);
        lock (_gate)
        {
            _claims.Add(claim);
        }

        return claim;
    }

    /// <summary>
    /// Waits until the allowance is enough for a claim and all that came before it. Null when it is; else why not.
    /// </summary>
    /// <exception cref="MarketUnavailableException">The token does not answer.</exception>
    public async Task<LaneReply?> CoverAsync(Claim claim, Address token, CancellationToken cancellation)
    {
        using var turn = await _turns.EnterAsync().ConfigureAwait(false);
        for (var approvals = 0; !claim.IsCovered; approvals++)
        {
            // In this order: what is sent or lands meanwhile counts once too often, and never not at all.
            var waiting = Waiting();
            var inFlight = await lane.GetInFlightAsync(TransactionKind.FillSlot).ConfigureAwait(false);
            var taken = Sum(inFlight.Select(fill => fill.Amount));
            if (lane.Newest is not { } newest)
            {
                return LaneReply.NotSent("No block is known yet.");
            }

            var allowance = await calls.GetAllowanceAsync(token, newest, cancellation).ConfigureAwait(false);
            if (UInt256.TryAdd(taken, Sum(waiting.Select(other => other.Amount)), out var needed)
                && allowance >= needed)
            {
                waiting.ForEach(other => other.IsCovered = true);
                return null;
            }

            if (approvals == MostApprovals)
            {
                return LaneReply.NotSent($"The marketplace is allowed {allowance} tokens, and {needed} are needed.");
            }

            var covered = new List<Claim>();
            var reply = await ApproveAsync(token, covered, cancellation).ConfigureAwait(false);
            if (reply.Outcome is not TransactionLanded)
            {
                return reply;
            }

            if (!reply.HasJoined)
            {
                covered.ForEach(other => other.IsCovered = true);
            }
        }

        return null;
    }

    // What it allows is decided when its turn to be sent has come.
    private Task<LaneReply> ApproveAsync(Address token, List<Claim> covered, CancellationToken cancellation)
    {
        var purpose = new TransactionPurpose(
            TransactionKind.Approve, null, null, options.StandingAllowance ?? Sum(Waiting().Select(one => one.Amount)));
        return lane.SubmitAsync(new TransactionIntent(purpose, Call), cancellation);

        ContractCall Call()
        {
            covered.Clear();
            covered.AddRange(Waiting());
            var needed = Sum(covered.Select(one => one.Amount));
            var amount = options.StandingAllowance is { } standing && standing > needed ? standing : needed;
            return new ContractCall(
                calls.Host,
                token,
                TokenFunctions.Approve,
                new CallData(TokenFunctions.Approve).Add(calls.Marketplace).Add(amount).ToBytes());
        }
    }

    private List<Claim> Waiting()
    {
        lock (_gate)
        {
            return [.. _claims.Where(claim => !claim.IsSent)];
        }
    }

    private static UInt256 Sum(IEnumerable<UInt256> amounts) => amounts.Aggregate(
        UInt256.Zero, (left, right) => UInt256.TryAdd(left, right, out var sum) ? sum : UInt256.MaxValue);

    private void Forget(Claim claim)
    {
        lock (_gate)
        {
            _claims.Remove(claim);
        }
    }

    /// <summary>What one fill needs.</summary>
    internal sealed class Claim(ApprovalLedger ledger, UInt256 amount) : IDisposable
    {
        private volatile bool _isSent;
        private volatile bool _isCovered;

        /// <summary>The collateral, in the token's smallest unit.</summary>
        public UInt256 Amount => amount;

        /// <summary>Whether the fill has its nonce: what is approved from now on comes after it.</summary>
        public bool IsSent
        {
            get => _isSent;
            set => _isSent = value;
        }

        /// <summary>Whether the allowance is enough for it.</summary>
        public bool IsCovered
        {
            get => _isCovered;
            set => _isCovered = value;
        }

        /// <summary>The fill is over, however it ended.</summary>
        public void Dispose() => ledger.Forget(this);
    }
}
