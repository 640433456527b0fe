using System.Text.RegularExpressions;
using static CodexSales.Rx.Ethereum.Transactions.PoolVerdict;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Words by which nodes refuse a transaction, and what they mean.</summary>
/// <param name="Verdict">What follows.</param>
/// <param name="Nodes">Who says so.</param>
/// <param name="Said">
/// Part of a message, in letters of any case; it begins with a word, and "…" stands for anything.
/// </param>
/// <remarks>
/// Source: the errors of the pools in the sources of go-ethereum, erigon, Nethermind, Besu, reth, OpenEthereum, anvil,
/// nitro and zksync-era, and what users of others report. Most rollups and side chains run one of these.
/// </remarks>
internal sealed record PoolWords(PoolVerdict Verdict, string Nodes, string Said)
{
    private readonly Regex _pattern = new(
        $@"(?<![a-z]){Regex.Escape(Said).Replace("…", ".*", StringComparison.Ordinal)}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline);

    /// <summary>All of them. What a message says is the first row that it has in it.</summary>
    public static readonly ImmutableArray<PoolWords> All =
    [
        // The node has it.
        new(AlreadyKnown, "geth, erigon, reth, Nethermind", "already known"),
        new(AlreadyKnown, "Besu, zkSync, Kaia, geth of old", "known transaction"),
        new(AlreadyKnown, "Nethermind of old", "AlreadyKnown"),
        new(AlreadyKnown, "Nethermind of old", "OwnNonceAlreadyUsed"),
        new(AlreadyKnown, "anvil, reth, OpenEthereum", "already imported"),
        new(AlreadyKnown, "erigon", "existing tx with same hash"),
        new(AlreadyKnown, "zkSync", "is already in the system"),
        new(AlreadyKnown, "Sei, Cosmos chains", "already exists in cache"),
        new(AlreadyKnown, "Cosmos chains", "already in mempool"),

        // Its nonce is used by a transaction in a block.
        new(NonceTooLow, "geth, erigon, reth, Besu, Nethermind, nitro, zkSync", "nonce too low"),
        new(NonceTooLow, "OpenEthereum", "nonce is too low"),
        new(NonceTooLow, "Nethermind of old", "OldNonce"),
        new(NonceTooLow, "nitro of old", "invalid transaction nonce"),
        new(NonceTooLow, "hardhat", "nonce has already been used"),
        new(NonceTooLow, "Harmony", "already finalized"),

        // Its nonce is another's in the pool, which pays as much.
        new(ReplacementTooCheap, "geth, erigon, reth, Besu, Nethermind", "replacement transaction underpriced"),
        new(ReplacementTooCheap, "erigon", "could not replace existing tx"),
        new(ReplacementTooCheap, "erigon", "replaced by transaction with higher tip"),
        new(ReplacementTooCheap, "Nethermind of old", "ReplacementNotAllowed"),
        new(ReplacementTooCheap, "reth", "insufficient gas price to replace"),
        new(ReplacementTooCheap, "OpenEthereum", "another transaction with same nonce"),
        new(ReplacementTooCheap, "Kaia", "another tx which has the same nonce"),
        new(ReplacementTooCheap, "ethers' names", "replacement fee too low"),

        // Transactions before it are missing.
        new(NonceTooHigh, "geth, Besu, Nethermind, nitro, zkSync", "nonce too high"),
        new(NonceTooHigh, "geth, when its pool is full", "future transaction tries to replace pending"),
        new(NonceTooHigh, "geth, for delegated accounts", "gapped-nonce tx"),
        new(NonceTooHigh, "Nethermind of old", "NonceGap"),
        new(NonceTooHigh, "Nethermind of old", "NonceTooFarInFuture"),
        new(NonceTooHigh, "Nethermind", "nonce too far in future"),
        new(NonceTooHigh, "Nethermind", "delegation nonce gap"),
        new(NonceTooHigh, "Nethermind of old", "NotCurrentNonceForDelegation"),
        new(NonceTooHigh, "Besu", "nonce is too distant"),
        new(NonceTooHigh, "Besu", "invalid transaction with a lower nonce exists"),

        // It can't be paid for, or the node has no place for it or can't look at it: now.
        new(NotNow, "geth, erigon, reth, anvil, nitro, zkSync, Kaia", "insufficient funds"),
        new(NotNow, "Nethermind of old", "InsufficientFunds"),
        new(NotNow, "geth, zkSync, OpenEthereum", "insufficient balance"),
        new(NotNow, "Besu", "upfront cost exceeds account balance"),
        new(NotNow, "nitro of old", "not enough funds for gas"),
        new(NotNow, "zkSync", "not enough balance to cover the fee"),
        new(NotNow, "geth, reth", "transaction would cause overdraft"),
        new(NotNow, "reth", "transaction overdraws from account"),
        new(NotNow, "geth, reth, op-geth", "txpool is full"),
        new(NotNow, "Besu", "transaction pool is full"),
        new(NotNow, "erigon", "pool is full"),
        new(NotNow, "erigon, reth", "spammer"),
        new(NotNow, "reth", "due to pool size constraints"),
        new(NotNow, "geth", "account limit exceeded"),
        new(NotNow, "other pools", "account sender limit exceeded"),
        new(NotNow, "geth, for delegated accounts", "in-flight transaction limit"),
        new(NotNow, "geth, reth", "address already reserved"),
        new(NotNow, "Nethermind", "pending transaction type conflict"),
        new(NotNow, "Nethermind of old", "PendingTxsOfConflictingType"),
        new(NotNow, "Nethermind", "delegation authority has pending transaction"),
        new(NotNow, "Nethermind of old", "DelegatorHasPendingTx"),
        new(NotNow, "OpenEthereum", "too many transactions in the queue"),
        new(NotNow, "zkSync", "too many transactions"),
        new(NotNow, "zkSync", "another transaction with the same nonce is in progress"),
        new(NotNow, "nitro, Metis", "queue full"),
        new(NotNow, "nitro of old", "tx pool full"),
        new(NotNow, "nitro", "not accepting transactions"),
        new(NotNow, "nitro", "sequencer temporarily not available"),
        new(NotNow, "zkSync", "server shutting down"),
        new(NotNow, "zkSync", "failed to validate the transaction"),
        new(NotNow, "zkSync", "failed to include transaction in the system"),
        new(NotNow, "geth of rollups, when a block has no more gas", "gas limit reached"),
        new(NotNow, "Nethermind", "node is syncing"),
        new(NotNow, "Besu", "initial sync is still in progress"),
        new(NotNow, "Besu", "transaction pool not enabled"),
        new(NotNow, "Besu", "world state unavailable"),
        new(NotNow, "geth, erigon", "header not found"),
        new(NotNow, "geth, erigon", "missing trie node"),
        new(NotNow, "zkSync, nitro: what it calls reverts now", "execution reverted"),

        // It never will be taken as it is.
        new(Rejected, "geth, erigon, reth, anvil, zkSync", "intrinsic gas too"),
        new(Rejected, "Besu", "intrinsic gas exceeds gas limit"),
        new(Rejected, "erigon", "IntrinsicGas"),
        new(Rejected, "geth, erigon, reth, Besu, zkSync", "exceeds block gas limit"),
        new(Rejected, "reth", "gas limit…exceeds block's gas limit"),
        new(Rejected, "geth, reth", "gas limit too high"),
        new(Rejected, "reth", "exceeds max transaction gas limit"),
        new(Rejected, "Nethermind of old", "GasLimitExceeded"),
        new(Rejected, "OpenEthereum", "exceeds current gas limit"),
        new(Rejected, "geth, reth, erigon", "exceeds the configured cap"),
        new(Rejected, "Besu", "fee cap exceeded"),
        new(Rejected, "geth, reth, zkSync", "max priority fee per gas higher than max fee per gas"),
        new(Rejected, "Besu", "max priority fee per gas exceeds max fee per gas"),
        new(Rejected, "geth, reth", "max fee per gas higher than"),
        new(Rejected, "geth, reth, anvil, erigon", "invalid chain id"),
        new(Rejected, "Besu", "wrong chainId"),
        new(Rejected, "Besu", "chainId not supported"),
        new(Rejected, "Besu", "chainId is required"),
        new(Rejected, "geth", "only replay-protected"),
        new(Rejected, "geth, erigon, reth, zkSync", "invalid sender"),
        new(Rejected, "Nethermind", "failed to recover sender"),
        new(Rejected, "Nethermind of old", "FailedToResolveSender"),
        new(Rejected, "Besu", "invalid signature"),
        new(Rejected, "reth", "invalid transaction signature"),
        new(Rejected, "geth, reth, Nethermind", "sender…not an eoa"),
        new(Rejected, "Nethermind of old", "SenderIsContract"),
        new(Rejected, "nitro", "sender is not on the whitelist"),
        new(Rejected, "Besu", "sender account not authorized"),
        new(Rejected, "op-geth, nitro", "transaction filtered"),
        new(Rejected, "Besu, Linea", "plugin has marked the transaction as invalid"),
        new(Rejected, "geth, reth", "transaction type not supported"),
        new(Rejected, "Nethermind", "unsupported transaction type"),
        new(Rejected, "Nethermind of old", "NotSupportedTxType"),
        new(Rejected, "Besu", "invalid transaction type"),
        new(Rejected, "erigon", "transaction type is not activated"),
        new(Rejected, "geth, erigon, reth", "oversized data"),
        new(Rejected, "erigon", "RLPTooLong"),
        new(Rejected, "Nethermind", "transaction too large"),
        new(Rejected, "Nethermind of old", "MaxTxSizeExceeded"),
        new(Rejected, "OpenEthereum", "transaction is too big"),
        new(Rejected, "Nethermind", "transaction invalid"),
        new(Rejected, "Nethermind", "transaction cost overflow"),
        new(Rejected, "Nethermind of old", "Int256Overflow"),
        new(Rejected, "geth, erigon, reth", "gas uint64 overflow"),
        new(Rejected, "geth, reth", "nonce has max value"),
        new(Rejected, "reth, anvil", "failed to decode"),
        new(Rejected, "geth", "rlp: "),
        new(Rejected, "geth, anvil: it does not sign", "unknown account"),
        new(Rejected, "Nethermind: it does not sign", "authentication needed"),
        new(Rejected, "Besu: it does not sign", "eth_sendTransaction is not supported"),
        new(Rejected, "all", "method not found"),
        new(Rejected, "geth", "method…does not exist"),

        // It pays too little.
        new(TooCheap, "geth, erigon, reth, Nethermind, Kaia", "underpriced"),
        new(TooCheap, "geth, reth, nitro, zkSync", "max fee per gas less than block base fee"),
        new(TooCheap, "Astar", "gas price less than block base fee"),
        new(TooCheap, "Besu, Hedera", "gas price…below"),
        new(TooCheap, "OpenEthereum, nitro of old, Metis", "gas price…too low"),
        new(TooCheap, "OpenEthereum", "transaction fee is too low"),
        new(TooCheap, "erigon", "fee too low"),
        new(TooCheap, "erigon", "FEE_TOO_LOW"),
        new(TooCheap, "Nethermind of old", "FeeTooLow"),
        new(TooCheap, "reth", "feeCap…below chain minimum"),
        new(TooCheap, "reth", "below minimum required priority fee"),
        new(TooCheap, "geth of old", "fee cap less than"),
        new(TooCheap, "zkSync", "unacceptable gas price"),
    ];

    /// <summary>The first row that a message has in it; null when it has none.</summary>
    public static PoolWords? Find(string message) =>
        All.FirstOrDefault(words => words._pattern.IsMatch(message));
}
