namespace CodexSales.Rx.Tests.Domain;

public sealed class RequestIdTests
{
    // Checked against the contract on a local node.
    private static readonly StorageRequest _vector = new()
    {
        Client = Address.Parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
        Ask = new StorageAsk
        {
            ProofProbability = 4,
            PricePerBytePerSecond = 1000,
            CollateralPerByte = 1,
            Slots = 4,
            SlotSizeBytes = 65536,
            DurationSeconds = 36000,
            MaxSlotLoss = 2,
        },
        Cid = [0x01, 0x55, 0x12, 0x20, .. Enumerable.Repeat((byte)0x11, 32)],
        MerkleRoot = new Bytes32([.. Enumerable.Repeat((byte)0x22, 32)]),
        ExpirySeconds = 3600,
        Nonce = new Bytes32([.. Enumerable.Repeat((byte)0x33, 32)]),
    };

    [Fact]
    public void The_id_of_a_request_is_the_contracts() => Assert.Equal(
        "0x40f81ee9adb25ab9781cf9c2fe6682fc280436b06b9af81305bd6d8f1057df0d", RequestId.Of(_vector).ToString());

    [Fact]
    public void The_id_of_each_recorded_request_is_the_contracts()
    {
        var requests = Recording.Requests().ToList();

        Assert.Equal(7, requests.Count);
        Assert.All(requests, recorded => Assert.Equal(recorded.Id, RequestId.Of(recorded.Request)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(300)]
    public void The_encoding_is_whole_words_whatever_the_length_of_the_content_id(int length)
    {
        var encoded = StorageRequestEncoding.Encode(_vector with { Cid = [.. Enumerable.Repeat((byte)0xff, length)] });

        Assert.Equal((15 + ((length + 31) / 32)) * 32, encoded.Length);
        Assert.Equal(length, encoded.Skip(15 * 32).Count(b => b == 0xff));
    }

    [Fact]
    public void Each_field_of_a_request_changes_its_id()
    {
        var ask = _vector.Ask;
        StorageRequest[] others =
        [
            _vector with { Client = default },
            _vector with { Cid = [0] },
            _vector with { MerkleRoot = default },
            _vector with { ExpirySeconds = ulong.MaxValue },
            _vector with { Nonce = default },
            _vector with { Ask = ask with { ProofProbability = UInt256.MaxValue } },
            _vector with { Ask = ask with { PricePerBytePerSecond = UInt256.MaxValue } },
            _vector with { Ask = ask with { CollateralPerByte = UInt256.MaxValue } },
            _vector with { Ask = ask with { Slots = ulong.MaxValue } },
            _vector with { Ask = ask with { SlotSizeBytes = ulong.MaxValue } },
            _vector with { Ask = ask with { DurationSeconds = ulong.MaxValue } },
            _vector with { Ask = ask with { MaxSlotLoss = ulong.MaxValue } },
        ];

        var ids = others.Append(_vector).Select(RequestId.Of).ToHashSet();

        Assert.Equal(others.Length + 1, ids.Count);
    }

    [Fact]
    public void Text_goes_there_and_back()
    {
        var id = RequestId.Of(_vector);

        Assert.Equal(id, RequestId.Parse(id.ToString()));
        Assert.True(RequestId.TryParse(id.ToString(), out var parsed));
        Assert.Equal(id, parsed);
        Assert.Equal("0x40f8…df0d", id.ToShortString());
    }

    [Fact]
    public void Text_that_is_no_id_is_refused()
    {
        Assert.False(RequestId.TryParse("0x40f8", out _));
        Assert.Throws<FormatException>(() => RequestId.Parse("0x40f8"));
    }

    [Fact]
    public void Ids_are_ordered_as_their_bytes()
    {
        var (first, last) = (new RequestId(default), RequestId.Of(_vector));

        Assert.Equal((-1, 1), (first.CompareTo(last), last.CompareTo(first)));
    }
}
