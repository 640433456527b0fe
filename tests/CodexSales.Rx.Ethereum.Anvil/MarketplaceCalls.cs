using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Ethereum.Anvil;

/// <summary>The transactions of the Marketplace contract.</summary>
public static class MarketplaceCalls
{
    private const string Proof = "((uint256,uint256),((uint256,uint256),(uint256,uint256)),(uint256,uint256))";
    private const string Ask = "(uint256,uint256,uint256,uint64,uint64,uint64,uint64)";

    /// <summary>The function whose argument is exactly what a request's id is the hash of.</summary>
    public static string RequestStorageSignature => $"requestStorage((address,{Ask},(bytes,bytes32),uint64,bytes32))";

    /// <summary><c>requestStorage</c>, which only the request's client may send.</summary>
    public static CallData RequestStorage(StorageRequest request) =>
        CallData.Of(RequestStorageSignature).Add(request);

    /// <summary><c>withdrawFunds</c>.</summary>
    public static CallData WithdrawFunds(RequestId request) =>
        CallData.Of("withdrawFunds(bytes32)").Add(request.Value);

    /// <summary><c>reserveSlot</c>.</summary>
    public static CallData ReserveSlot(SlotKey slot) => CallData.Of("reserveSlot(bytes32,uint64)").Add(slot);

    /// <summary><c>fillSlot</c>.</summary>
    public static CallData FillSlot(SlotKey slot, Groth16Proof proof) =>
        CallData.Of($"fillSlot(bytes32,uint64,{Proof})").Add(slot).Add(proof);

    /// <summary><c>freeSlot</c> to the host itself.</summary>
    public static CallData FreeSlot(SlotId slot) => CallData.Of("freeSlot(bytes32)").Add(slot.Value);

    /// <summary><c>freeSlot</c> to others.</summary>
    public static CallData FreeSlot(SlotId slot, Address rewardRecipient, Address collateralRecipient) =>
        CallData.Of("freeSlot(bytes32,address,address)").Add(slot.Value).Add(rewardRecipient).Add(collateralRecipient);

    /// <summary><c>submitProof</c>.</summary>
    public static CallData SubmitProof(SlotId slot, Groth16Proof proof) =>
        CallData.Of($"submitProof(bytes32,{Proof})").Add(slot.Value).Add(proof);

    /// <summary><c>markProofAsMissing</c>.</summary>
    public static CallData MarkProofAsMissing(SlotId slot, ulong period) =>
        CallData.Of("markProofAsMissing(bytes32,uint64)").Add(slot.Value).Add(period);
}
