using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>What nodes say to a transaction, word for word.</summary>
public sealed class PoolAnswerTests
{
    // Whether what was wanted goes on: what passes is waited for, what is final is told at once.
    public static TheoryData<string, int, string> Said { get; } = new()
    {
        { "AlreadyKnown", -32000, "already known" },
        { "AlreadyKnown", -32000, "ALREADY_EXISTS: already known" },
        { "AlreadyKnown", -32000, "Known transaction" },
        { "AlreadyKnown", -32000, "known transaction: 0x12" },
        { "AlreadyKnown", 3, "known transaction. transaction with hash 0x6013…3053 is already in the system" },
        { "AlreadyKnown", 3, "transaction with hash 0x6013…3053 is already in the system" },
        { "AlreadyKnown", -32010, "AlreadyKnown" },
        { "AlreadyKnown", -32010, "OwnNonceAlreadyUsed" },
        { "AlreadyKnown", -32003, "transaction already imported" },
        { "AlreadyKnown", -32010, "Transaction with the same hash was already imported." },
        { "AlreadyKnown", -32000, "ALREADY_EXISTS: existing tx with same hash" },
        { "AlreadyKnown", -32000, "tx already exists in cache" },
        { "AlreadyKnown", -32000, "tx already in mempool" },

        { "NonceTooLow", -32000, "nonce too low: next nonce 7, tx nonce 5" },
        { "NonceTooLow", -32003, "nonce too low" },
        { "NonceTooLow", -32001, "Nonce too low" },
        { "NonceTooLow", -32000, "STALE: nonce too low" },
        { "NonceTooLow", 3, "nonce too low. allowed nonce range: 427 - 447, actual: 426" },
        { "NonceTooLow", -32010, "Transaction nonce is too low. Try incrementing the nonce." },
        { "NonceTooLow", -32010, "OldNonce, Current nonce: 7, nonce of rejected tx: 5" },
        { "NonceTooLow", -32000, "invalid transaction nonce" },
        { "NonceTooLow", -32000, "nonce has already been used" },
        { "NonceTooLow", -32000, "transaction already finalized" },

        { "ReplacementTooCheap", -32000, "replacement transaction underpriced" },
        { "ReplacementTooCheap", -32003, "replacement transaction underpriced" },
        { "ReplacementTooCheap", -32000, "Replacement transaction underpriced" },
        { "ReplacementTooCheap", -32000, "INTERNAL_ERROR: could not replace existing tx" },
        { "ReplacementTooCheap", -32000, "INTERNAL_ERROR: replaced by transaction with higher tip" },
        { "ReplacementTooCheap", -32010, "ReplacementNotAllowed" },
        { "ReplacementTooCheap", -32000, "[0x12…]: insufficient gas price to replace existing transaction" },
        {
            "ReplacementTooCheap",
            -32010,
            "Transaction gas price 100wei is too low. There is another transaction with same nonce in the queue with gas "
                + "price 150wei. Try increasing the gas price or incrementing the nonce."
        },
        { "ReplacementTooCheap", -32000, "there is another tx which has the same nonce in the tx pool" },
        { "ReplacementTooCheap", -32000, "replacement fee too low" },

        { "NonceTooHigh", -32000, "nonce too high" },
        { "NonceTooHigh", -32006, "Nonce too high" },
        { "NonceTooHigh", -32000, "nonce too high: address 0x3363, tx: 8090 state: 8089" },
        { "NonceTooHigh", 3, "nonce too high. allowed nonce range: 427 - 477, actual: 527" },
        { "NonceTooHigh", -32000, "future transaction tries to replace pending" },
        { "NonceTooHigh", -32000, "gapped-nonce tx from delegated accounts" },
        { "NonceTooHigh", -32010, "NonceGap, Future nonce. Expected nonce: 6" },
        { "NonceTooHigh", -32010, "NonceTooFarInFuture" },
        { "NonceTooHigh", -32000, "nonce too far in future" },
        { "NonceTooHigh", -32000, "delegation nonce gap" },
        { "NonceTooHigh", -32010, "NotCurrentNonceForDelegation" },
        { "NonceTooHigh", -32000, "Transaction nonce is too distant from current sender nonce" },
        { "NonceTooHigh", -32000, "An invalid transaction with a lower nonce exists" },

        { "NotNow", -32000, "insufficient funds for gas * price + value: balance 1, tx cost 21000, overshot 20999" },
        { "NotNow", -32003, "Insufficient funds for gas * price + value" },
        { "NotNow", 3, "insufficient funds for gas + value. balance: 0, fee: 48098250000000, value: 0" },
        { "NotNow", -32010, "InsufficientFunds, Account balance: 0, cumulative cost: 21000" },
        { "NotNow", -32010, "Insufficient balance for transaction. Balance=100, Cost=200" },
        { "NotNow", -32004, "Upfront cost exceeds account balance" },
        { "NotNow", -32000, "not enough funds for gas" },
        { "NotNow", 3, "not enough balance to cover the fee. error message: Account does not have enough balance" },
        { "NotNow", -32000, "transaction would cause overdraft" },
        { "NotNow", -32000, "[0x12…]: transaction overdraws from account" },
        { "NotNow", -32000, "txpool is full" },
        { "NotNow", -32003, "txpool is full" },
        { "NotNow", -32000, "Transaction pool is full" },
        { "NotNow", -32000, "INTERNAL_ERROR: pending sub-pool is full" },
        { "NotNow", -32000, "INTERNAL_ERROR: spammer" },
        { "NotNow", -32000, "rejected due to 0x7099 being identified as a spammer" },
        { "NotNow", -32000, "transaction discarded outright due to pool size constraints" },
        { "NotNow", -32000, "account limit exceeded" },
        { "NotNow", -32000, "account sender limit exceeded" },
        { "NotNow", -32000, "in-flight transaction limit reached for delegated accounts" },
        { "NotNow", -32000, "address already reserved" },
        { "NotNow", -32000, "pending transaction type conflict" },
        { "NotNow", -32010, "PendingTxsOfConflictingType" },
        { "NotNow", -32000, "delegation authority has pending transaction" },
        { "NotNow", -32010, "DelegatorHasPendingTx" },
        {
            "NotNow",
            -32010,
            "There are too many transactions in the queue. Your transaction was dropped due to limit. Try increasing the "
                + "fee."
        },
        { "NotNow", 3, "too many transactions" },
        { "NotNow", 3, "insertion of another transaction with the same nonce is in progress" },
        { "NotNow", -32000, "queue full" },
        { "NotNow", -32000, "sequencer pending tx pool full, please try again" },
        {
            "NotNow",
            -32000,
            "currently not accepting transactions due to expected surplus being below threshold"
        },
        { "NotNow", -32000, "sequencer temporarily not available" },
        { "NotNow", 3, "server shutting down" },
        { "NotNow", 3, "failed to validate the transaction. reason: Validation revert: Account validation error" },
        { "NotNow", 3, "failed to include transaction in the system. reason: Bootloader-based tx failed" },
        { "NotNow", -32000, "gas limit reached" },
        { "NotNow", -32000, "node is syncing" },
        { "NotNow", -32008, "Initial sync is still in progress" },
        {
            "NotNow",
            -32002,
            "Transaction pool not enabled. (Either txpool explicitly disabled, or node not yet in sync)."
        },
        { "NotNow", -32000, "World state unavailable" },
        { "NotNow", -32000, "header not found" },
        { "NotNow", -32000, "missing trie node 14c7" },
        { "NotNow", 3, "execution reverted: SlotNotFree" },

        { "Rejected", -32000, "intrinsic gas too low: gas 20000, minimum needed 21000" },
        { "Rejected", -32000, "intrinsic gas too high" },
        { "Rejected", -32003, "Intrinsic gas exceeds gas limit" },
        { "Rejected", -32000, "INTERNAL_ERROR: IntrinsicGas" },
        { "Rejected", -32000, "exceeds block gas limit" },
        { "Rejected", -32005, "Transaction gas limit exceeds block gas limit" },
        { "Rejected", -32000, "transaction's gas limit 40000000 exceeds block's gas limit 30000000" },
        { "Rejected", -32000, "gas limit too high" },
        { "Rejected", -32000, "exceeds max transaction gas limit" },
        { "Rejected", -32000, "transaction gas limit too high (cap: 16777216, tx: 30000000)" },
        { "Rejected", -32010, "GasLimitExceeded, Gas limit: 4000000, gas limit of rejected tx: 5000000" },
        { "Rejected", -32010, "Transaction cost exceeds current gas limit. Limit: 8000000, got: 9000000." },
        { "Rejected", -32000, "tx fee (1.20 ether) exceeds the configured cap (1.00 ether)" },
        { "Rejected", -32000, "Transaction fee cap exceeded" },
        { "Rejected", -32000, "max priority fee per gas higher than max fee per gas" },
        { "Rejected", -32000, "Max priority fee per gas exceeds max fee per gas" },
        { "Rejected", -32000, "max fee per gas higher than 2^256-1" },
        { "Rejected", -32003, "invalid chain id for signer" },
        { "Rejected", -32000, "invalid chain id for signer: have 1 want 31337" },
        { "Rejected", -32000, "Wrong chainId" },
        { "Rejected", -32000, "ChainId not supported" },
        { "Rejected", -32000, "ChainId is required" },
        { "Rejected", -32000, "only replay-protected (EIP-155) transactions allowed over RPC" },
        { "Rejected", -32000, "invalid sender" },
        { "Rejected", 3, "invalid sender. can't start a transaction from a non-account" },
        { "Rejected", -32000, "failed to recover sender" },
        { "Rejected", -32010, "FailedToResolveSender" },
        { "Rejected", -32002, "Invalid signature" },
        { "Rejected", -32602, "invalid transaction signature" },
        { "Rejected", -32000, "sender not an eoa: address 0x7099, codehash: 0x12" },
        { "Rejected", -32003, "sender is not an EOA" },
        { "Rejected", -32010, "SenderIsContract" },
        { "Rejected", -32000, "transaction sender is not on the whitelist" },
        { "Rejected", -32007, "Sender account not authorized to send transactions" },
        { "Rejected", -32000, "transaction filtered out" },
        { "Rejected", -32000, "Plugin has marked the transaction as invalid" },
        { "Rejected", -32000, "transaction type not supported" },
        { "Rejected", -32000, "unsupported transaction type" },
        { "Rejected", -32010, "NotSupportedTxType" },
        { "Rejected", -32602, "Invalid transaction type" },
        { "Rejected", -32000, "INVALID: fork supporting this transaction type is not activated yet" },
        { "Rejected", -32000, "oversized data: transaction size 140000, limit 131072" },
        { "Rejected", -32000, "INTERNAL_ERROR: RLPTooLong" },
        { "Rejected", -32000, "transaction too large" },
        { "Rejected", -32010, "MaxTxSizeExceeded" },
        { "Rejected", -32010, "Transaction is too big, see chain specification for the limit." },
        { "Rejected", -32000, "transaction invalid" },
        { "Rejected", -32000, "transaction cost overflow" },
        { "Rejected", -32010, "Int256Overflow" },
        { "Rejected", -32000, "gas uint64 overflow" },
        { "Rejected", -32000, "nonce has max value" },
        { "Rejected", -32602, "Failed to decode transaction" },
        { "Rejected", -32602, "failed to decode signed transaction" },
        { "Rejected", -32000, "rlp: input string too long for uint64, decoding into (types.LegacyTx).Nonce" },
        { "Rejected", -32000, "unknown account" },
        { "Rejected", -32020, "authentication needed: password or unlock" },
        {
            "Rejected",
            -32604,
            "The method eth_sendTransaction is not supported. Use eth_sendRawTransaction to send a signed transaction to "
                + "Besu."
        },
        { "Rejected", -32601, "Method not found" },
        { "Rejected", -32601, "the method eth_sendTransaction does not exist/is not available" },

        { "TooCheap", -32000, "transaction underpriced" },
        { "TooCheap", -32000, "transaction underpriced: gas tip cap 1, minimum needed 25000000000" },
        { "TooCheap", -32000, "FEE_TOO_LOW: underpriced" },
        { "TooCheap", -32000, "max fee per gas less than block base fee: address 0x70, maxFeePerGas: 1, baseFee: 7" },
        { "TooCheap", 3, "max fee per gas less than block base fee" },
        { "TooCheap", -32000, "gas price less than block base fee" },
        { "TooCheap", -32009, "Gas price below configured minimum gas price" },
        { "TooCheap", -32009, "Gas price below current base fee" },
        { "TooCheap", -32009, "[Request ID: e4d0] Gas price '83' is below configured minimum gas price '95'" },
        { "TooCheap", -32000, "gas price too low: 18000000000 wei, use at least tx.gasPrice = 19500000000 wei" },
        { "TooCheap", -32010, "Transaction fee is too low. It does not satisfy your node's minimal fee." },
        { "TooCheap", -32000, "INTERNAL_ERROR: fee too low" },
        { "TooCheap", -32000, "FEE_TOO_LOW: not set" },
        { "TooCheap", -32010, "FeeTooLow, MaxFeePerGas too low. MaxFeePerGas: 1, BaseFee: 7" },
        { "TooCheap", -32010, "FeeTooLowToCompete" },
        { "TooCheap", -32000, "transaction feeCap 3 below chain minimum" },
        { "TooCheap", -32003, "transaction priority fee below minimum required priority fee 1000000" },
        { "TooCheap", -32000, "fee cap less than block base fee" },
        {
            "TooCheap",
            3,
            "virtual machine entered unexpected state. please contact developers and provide transaction details that "
                + "caused this error. Error description: The operator included transaction with an unacceptable gas price"
        },

        // Of the node: it may have the transaction all the same.
        { "NoResponse", -32603, "Internal error" },
        { "NoResponse", 429, "Too Many Requests" },
        { "NoResponse", -32005, "daily request count exceeded, request rate limited" },
        { "NoResponse", -32000, "request timed out" },
        { "NoResponse", -32000, "context deadline exceeded" },
        { "NoResponse", -32000, "no backend is currently healthy to serve traffic" },
        { "NoResponse", -32000, "failed to forward tx to sequencer, please try again" },

        // A sequencer's words within those of the node before it.
        { "NonceTooLow", -32000, "failed to forward tx to sequencer, please try again. Error message: 'nonce too low'" },

        // What no node is known to say.
        { "UnrecognisedError", -32000, "the moon is not right" },
        { "UnrecognisedError", -32000, "unknown transaction" },
    };

    [Theory]
    [MemberData(nameof(Said))]
    public void Words_of_nodes_are_understood(string verdict, int code, string said) =>
        Assert.Equal(Enum.Parse<PoolVerdict>(verdict), PoolAnswer.Of(Replies.Error(code, said)));

    [Fact]
    public void There_is_a_message_for_each_row_of_the_table() => Assert.Empty(
        PoolWords.All.Except(Said.Select(row => PoolWords.Find(row.Data.Item3)).OfType<PoolWords>()));

    [Fact]
    public void No_answer_says_whether_it_was_sent()
    {
        Assert.Equal(PoolVerdict.NoResponse, PoolAnswer.Of(new RpcNoAnswer("Lost.", MayHaveArrived: true)));
        Assert.Equal(PoolVerdict.NotSent, PoolAnswer.Of(new RpcNoAnswer("Lost.", MayHaveArrived: false)));
        Assert.Equal(PoolVerdict.Accepted, PoolAnswer.Of(Replies.Text("0x12")));
    }
}
