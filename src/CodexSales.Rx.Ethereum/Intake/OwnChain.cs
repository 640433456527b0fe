using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>The newest blocks whose events were told, each the child of the one before: a ring.</summary>
internal sealed class OwnChain
{
    /// <summary>How many blocks are kept: the depth of reorganisations that can be taken back.</summary>
    public const int Capacity = 1024;

    private readonly OwnBlock[] _ring = new OwnBlock[Capacity];
    private ulong _lowest;
    private int _count;

    /// <summary>Whether there is no block yet.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>The newest block.</summary>
    public OwnBlock Tip => At(_lowest + (ulong)_count - 1);

    /// <summary>The oldest block that is kept: it can't be taken back any more.</summary>
    public OwnBlock Lowest => At(_lowest);

    /// <summary>The block of a height, or null where it is not kept.</summary>
    public OwnBlock? Find(ulong number) =>
        number >= _lowest && number - _lowest < (ulong)_count ? At(number) : null;

    /// <summary>Whether a block is among those that are kept.</summary>
    public bool Has(ulong number, Bytes32 hash) => Find(number)?.Hash == hash;

    /// <summary>Begins anew with one block.</summary>
    public void Begin(OwnBlock block)
    {
        Array.Clear(_ring);
        (_lowest, _count) = (block.Number, 1);
        _ring[block.Number % Capacity] = block;
    }

    /// <summary>Adds the child of the tip. The oldest block is forgotten when there are too many.</summary>
    public void Push(OwnBlock block)
    {
        _ring[block.Number % Capacity] = block;
        if (_count == Capacity)
        {
            _lowest++;
        }
        else
        {
            _count++;
        }
    }

    /// <summary>Takes the tip off.</summary>
    public OwnBlock Pop()
    {
        var tip = Tip;
        _ring[tip.Number % Capacity] = null!;
        _count--;
        return tip;
    }

    private OwnBlock At(ulong number) => _ring[number % Capacity];
}
