namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>The contract's functions that a host calls.</summary>
/// <remarks>Source: <c>Marketplace.sol</c> and what it derives from.</remarks>
internal static class MarketplaceFunctions
{
    public static readonly ContractFunction Configuration = new("configuration()");
    public static readonly ContractFunction Token = new("token()");

    public static readonly ContractFunction GetRequest = new("getRequest(bytes32)");
    public static readonly ContractFunction RequestState = new("requestState(bytes32)");
    public static readonly ContractFunction RequestEnd = new("requestEnd(bytes32)");
    public static readonly ContractFunction RequestExpiry = new("requestExpiry(bytes32)");

    public static readonly ContractFunction MySlots = new("mySlots()");
    public static readonly ContractFunction GetActiveSlot = new("getActiveSlot(bytes32)");
    public static readonly ContractFunction SlotState = new("slotState(bytes32)");
    public static readonly ContractFunction GetHost = new("getHost(bytes32)");
    public static readonly ContractFunction CanReserveSlot = new("canReserveSlot(bytes32,uint64)");

    public static readonly ContractFunction CurrentCollateral = new("currentCollateral(bytes32)");
    public static readonly ContractFunction MissingProofs = new("missingProofs(bytes32)");

    public static readonly ContractFunction IsProofRequired = new("isProofRequired(bytes32)");
    public static readonly ContractFunction WillProofBeRequired = new("willProofBeRequired(bytes32)");
    public static readonly ContractFunction GetPointer = new("getPointer(bytes32)");
    public static readonly ContractFunction GetChallenge = new("getChallenge(bytes32)");

    public static readonly ContractFunction ReserveSlot = new("reserveSlot(bytes32,uint64)");
    public static readonly ContractFunction FillSlot = new($"fillSlot(bytes32,uint64,{Proof})");
    public static readonly ContractFunction SubmitProof = new($"submitProof(bytes32,{Proof})");
    public static readonly ContractFunction FreeSlot = new("freeSlot(bytes32)");
    public static readonly ContractFunction FreeSlotTo = new("freeSlot(bytes32,address,address)");

    private const string Proof = "((uint256,uint256),((uint256,uint256),(uint256,uint256)),(uint256,uint256))";
}
