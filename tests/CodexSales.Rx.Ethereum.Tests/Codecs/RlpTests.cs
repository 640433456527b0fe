using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Codecs;
using CodexSales.Rx.Ethereum.Eth;

namespace CodexSales.Rx.Ethereum.Tests.Codecs;

public sealed class RlpTests
{
    // The examples of the encoding's definition, each as the only item of a list.
    [Theory]
    [InlineData("", "c180")]
    [InlineData("00", "c100")]
    [InlineData("0f", "c10f")]
    [InlineData("7f", "c17f")]
    [InlineData("80", "c28180")]
    [InlineData("0400", "c3820400")]
    [InlineData("646f67", "c483646f67")]
    public void Bytes_are_written_and_read(string bytes, string list)
    {
        var content = Convert.FromHexString(bytes);

        Assert.Equal(list, Convert.ToHexStringLower(new RlpWriter().Add(content).ToList()));
        var reader = new RlpReader(Convert.FromHexString(list));
        Assert.Equal(content, reader.TakeBytes().ToArray());
        Assert.True(reader.IsDone);
    }

    [Theory]
    [InlineData(0, "c180")]
    [InlineData(15, "c10f")]
    [InlineData(1024, "c3820400")]
    public void Numbers_are_written_without_leading_zeros(ulong number, string list)
    {
        Assert.Equal(list, Convert.ToHexStringLower(new RlpWriter().Add(number).ToList()));
        var reader = new RlpReader(Convert.FromHexString(list));
        Assert.Equal(number, reader.TakeUInt64());
        Assert.True(reader.IsDone);
    }

    [Theory]
    [InlineData(55, "f8", "b7")]
    [InlineData(56, "f8", "b838")]
    [InlineData(255, "f90101", "b8ff")]
    [InlineData(256, "f90103", "b90100")]
    [InlineData(65_536, "fa010004", "ba010000")]
    public void Lengths_take_as_many_bytes_as_they_need(int length, string listHead, string itemHead)
    {
        var content = Enumerable.Repeat((byte)0xab, length).ToArray();

        var list = new RlpWriter().Add(content).ToList();

        Assert.StartsWith(listHead, Convert.ToHexStringLower(list), StringComparison.Ordinal);
        Assert.Contains($"{itemHead}abab", Convert.ToHexStringLower(list.AsSpan(0, 12)), StringComparison.Ordinal);
        var reader = new RlpReader(list);
        Assert.Equal(content, reader.TakeBytes().ToArray());
        Assert.True(reader.IsDone);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("c1")]
    [InlineData("c2")]
    [InlineData("c10102")]
    [InlineData("c2817f")]
    [InlineData("c3820001")]
    [InlineData("f80101")]
    [InlineData("c3b80101")]
    [InlineData("c5b9000101")]
    [InlineData("fbffffffff")]
    [InlineData("ffffffffffffffffff")]
    [InlineData("c1c0")]
    public void What_is_not_the_one_encoding_of_a_number_is_refused(string list)
    {
        var reader = new RlpReader(Convert.FromHexString(list));

        reader.TakeUInt256();

        Assert.False(reader.IsDone);
    }

    [Fact]
    public void A_number_over_64_bits_is_none_of_64_bits()
    {
        var reader = new RlpReader(new RlpWriter().Add((UInt256)ulong.MaxValue + 1).ToList());

        Assert.Equal(0UL, reader.TakeUInt64());
        Assert.True(reader.HasFailed);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 100_000; round++)
        {
            var bytes = new byte[random.Next(80)];
            random.NextBytes(bytes);
            if (bytes.Length > 1)
            {
                (bytes[0], bytes[1]) = (2, (byte)(0xc0 + Math.Min(55, bytes.Length - 2)));
            }

            UnsignedTransaction.TryDecode(bytes, out _);
            new SignedTransaction([.. bytes]).TryGetUnsigned(out _);
        }
    }
}
