using CodexSales.Rx.Ethereum.Codecs;
using Nethereum.RLP;

namespace CodexSales.Rx.Nethereum.Tests.Differential;

/// <summary>Lists in RLP, written and read, against Nethereum's.</summary>
public sealed class RlpTests
{
    private const int Rounds = 1_500;

    [Fact]
    public void Lists_are_written_and_read_alike()
    {
        var draw = new Draw(19_010);
        for (var round = 0; round < Rounds; round++)
        {
            byte[][] items = [.. Enumerable.Range(0, draw.Below(8)).Select(_ => draw.BytesUpTo(round % 100 == 0 ? 70_000 : 300))];
            var writer = new RlpWriter();
            items.ToList().ForEach(item => writer.Add(item));
            var ours = writer.ToList();

            Assert.Equal(RLP.EncodeList([.. items.Select(RLP.EncodeElement)]), ours);
            Assert.Equal(items, ReadByThem(ours));
            Assert.Equal(items, ReadByUs(ours));
        }
    }

    [Fact]
    public void Numbers_are_written_alike()
    {
        var draw = new Draw(19_011);
        for (var round = 0; round < Rounds; round++)
        {
            var number = draw.Number();
            var theirs = RLP.EncodeList(RLP.EncodeElement(Draw.ToBigInteger(number).ToBytesForRLPEncoding()));

            Assert.Equal(theirs, new RlpWriter().Add(number).ToList());
            var reader = new RlpReader(theirs);
            Assert.Equal(number, reader.TakeUInt256());
            Assert.True(reader.IsDone);
        }
    }

    // Nethereum takes more than one encoding of a value, we take one: what we read, it reads as the same.
    [Fact]
    public void Damaged_lists_are_refused_or_read_alike()
    {
        var (draw, refused) = (new Draw(19_012), 0);
        for (var round = 0; round < Rounds; round++)
        {
            byte[][] items = [.. Enumerable.Range(0, 1 + draw.Below(5)).Select(_ => draw.BytesUpTo(60))];
            var damaged = RLP.EncodeList([.. items.Select(RLP.EncodeElement)]);
            for (var changes = 1 + draw.Below(3); changes > 0; changes--)
            {
                damaged[draw.Below(Math.Min(damaged.Length, 6))] = (byte)draw.Below(256);
            }

            if (ReadByUs(damaged) is not { } read)
            {
                refused++;
                continue;
            }

            Assert.Equal(read, ReadByThem(damaged));
            Assert.Equal(damaged, RLP.EncodeList([.. read.Select(RLP.EncodeElement)]));
        }

        Assert.InRange(refused, Rounds / 2, Rounds - 100);
    }

    private static List<byte[]>? ReadByUs(byte[] list)
    {
        var reader = new RlpReader(list);
        List<byte[]> items = [];
        while (!reader.HasFailed && !reader.IsDone)
        {
            items.Add(reader.TakeBytes().ToArray());
        }

        return reader.HasFailed ? null : items;
    }

    private static List<byte[]> ReadByThem(byte[] list) =>
        [.. ((RLPCollection)RLP.Decode(list)).Select(item => item.RLPData ?? [])];
}
