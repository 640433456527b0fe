namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>How many of an account's tokens a contract may take, and how that changes with what is in flight.</summary>
/// <remarks>Transactions are mined in the order of their nonces. So an approval sets what the fills after it can take,
/// whether those before it succeeded or not: it allows just the sum of the fills that are sent with it.</remarks>
internal static class Allowance
{
    public static ContractCall Question(Address owner, Address token, Address spender) => new(
        owner,
        token,
        TokenFunctions.Allowance,
        CallData.To(TokenFunctions.Allowance).Add(owner).Add(spender).ToBytes());

    public static ContractCall Approval(Address owner, Address token, Address spender, UInt256 amount) => new(
        owner, token, TokenFunctions.Approve, CallData.To(TokenFunctions.Approve).Add(spender).Add(amount).ToBytes());

    /// <summary>The least allowance that is left once transactions are mined, in the order of their nonces.</summary>
    public static UInt256 After(UInt256 allowed, IEnumerable<TransactionPurpose> landing) =>
        landing.Aggregate(allowed, (left, next) => next.Kind switch
        {
            TransactionKind.Approve => next.Amount,
            TransactionKind.FillSlot => left > next.Amount ? left - next.Amount : 0,
            _ => left,
        });

    public static UInt256 Sum(IEnumerable<TransactionPurpose> fills) =>
        fills.Aggregate(UInt256.Zero, (sum, fill) => Wei.Add(sum, fill.Amount));
}
