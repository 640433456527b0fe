using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>How many of an account's tokens a contract may take, and how that changes with what is in flight.</summary>
/// <remarks>
/// Transactions land in the order of their nonces. So an approval sets what the fills after it can take, and those before
/// it have taken their share, or never will: it allows just the sum of the fills that are sent with it, and never grows
/// with fills that fail.
/// </remarks>
internal static class Allowance
{
    /// <summary>Asks for what is allowed.</summary>
    public static ContractCall Question(Address owner, Address token, Address spender) => new(
        owner, token, TokenFunctions.Allowance, new CallData(TokenFunctions.Allowance).Add(owner).Add(spender).ToBytes());

    /// <summary>Sets what is allowed.</summary>
    public static ContractCall Approval(Address owner, Address token, Address spender, UInt256 amount) => new(
        owner, token, TokenFunctions.Approve, new CallData(TokenFunctions.Approve).Add(spender).Add(amount).ToBytes());

    /// <summary>What is left at the least once transactions have landed, in the order of their nonces.</summary>
    public static UInt256 After(UInt256 allowed, IEnumerable<TransactionPurpose> landing) =>
        landing.Aggregate(allowed, (left, next) => next.Kind switch
        {
            TransactionKind.Approve => next.Amount,
            TransactionKind.FillSlot => left > next.Amount ? left - next.Amount : 0,
            _ => left,
        });

    /// <summary>What several fills take together.</summary>
    public static UInt256 Sum(IEnumerable<TransactionPurpose> fills) => fills.Aggregate(
        UInt256.Zero,
        (sum, fill) => UInt256.TryAdd(sum, fill.Amount, out var more) ? more : UInt256.MaxValue);
}
