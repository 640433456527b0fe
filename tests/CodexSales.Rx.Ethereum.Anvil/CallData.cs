using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Ethereum.Anvil;

/// <summary>
/// What a call of a contract carries, written word by word: the first 4 bytes of the signature's hash, then one word of
/// 32 bytes after another. Whoever calls a function with dynamic arguments counts the offsets.
/// </summary>
public sealed class CallData
{
    private const int Word = 32;

    private readonly List<byte> _bytes;

    private CallData(IEnumerable<byte> start) => _bytes = [.. start];

    /// <summary>The start of a call, such as of <c>slotState(bytes32)</c>.</summary>
    public static CallData Of(string signature)
    {
        var hash = new byte[Word];
        Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes(signature)).CopyTo(hash);
        return new CallData(hash[..4]);
    }

    /// <summary>The start of the arguments of a constructor, which have no signature.</summary>
    public static CallData Constructor() => new([]);

    /// <summary>A number.</summary>
    public CallData Add(UInt256 number)
    {
        Span<byte> word = stackalloc byte[Word];
        number.WriteBigEndian(word);
        return Append(word);
    }

    /// <summary>An id or a hash.</summary>
    public CallData Add(Bytes32 value)
    {
        Span<byte> word = stackalloc byte[Word];
        value.CopyTo(word);
        return Append(word);
    }

    /// <summary>An account.</summary>
    public CallData Add(Address account)
    {
        Span<byte> word = stackalloc byte[Word];
        account.CopyTo(word[(Word - Address.Size)..]);
        return Append(word);
    }

    /// <summary>A slot's request and index.</summary>
    public CallData Add(SlotKey slot) => Add(slot.RequestId.Value).Add(slot.SlotIndex);

    /// <summary>The eight words of a proof.</summary>
    public CallData Add(Groth16Proof proof) =>
        Add(proof.AX).Add(proof.AY).Add(proof.BXReal).Add(proof.BXImaginary)
            .Add(proof.BYReal).Add(proof.BYImaginary).Add(proof.CX).Add(proof.CY);

    /// <summary>A length and bytes, filled up with zeros to whole words.</summary>
    public CallData Add(ReadOnlySpan<byte> content)
    {
        Add((ulong)content.Length);
        Append(content);
        var rest = content.Length % Word;
        return rest == 0 ? this : Append(stackalloc byte[Word - rest]);
    }

    /// <summary>A request as the only argument: its offset, then its three dynamic parts one in another.</summary>
    public CallData Add(StorageRequest request)
    {
        const ulong requestWords = 11;
        const ulong contentWords = 2;
        return Add(Word)
            .Add(request.Client)
            .Add(request.Ask.ProofProbability)
            .Add(request.Ask.PricePerBytePerSecond)
            .Add(request.Ask.CollateralPerByte)
            .Add(request.Ask.Slots)
            .Add(request.Ask.SlotSizeBytes)
            .Add(request.Ask.DurationSeconds)
            .Add(request.Ask.MaxSlotLoss)
            .Add(requestWords * Word)
            .Add(request.ExpirySeconds)
            .Add(request.Nonce)
            .Add(contentWords * Word)
            .Add(request.MerkleRoot)
            .Add(request.Cid.AsSpan());
    }

    /// <summary>All of it in hexadecimal digits after "0x".</summary>
    public override string ToString() => $"0x{Convert.ToHexStringLower([.. _bytes])}";

    private CallData Append(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }
}
