using CodexSales.Rx.Domain;
using Nethereum.Util;

namespace CodexSales.Rx.Nethereum.Tests.Differential;

/// <summary>Keccak-256, and the checksums of addresses, against Nethereum's.</summary>
public sealed class HashesTests
{
    private const int Rounds = 1_500;

    [Fact]
    public void Hashes_are_those_of_Nethereum()
    {
        var draw = new Draw(19_013);
        for (var round = 0; round < Rounds; round++)
        {
            // Every length up to four blocks and more.
            var data = draw.Bytes(round % 600);
            Assert.Equal(new Bytes32(Sha3Keccack.Current.CalculateHash(data)), Keccak256.Hash(data));
        }
    }

    [Fact]
    public void Addresses_are_read_with_their_checksum()
    {
        var draw = new Draw(19_014);
        for (var round = 0; round < Rounds; round++)
        {
            var address = draw.Address();
            var text = AddressUtil.Current.ConvertToChecksumAddress($"{address}");
            Assert.Equal(address, Address.Parse(text));

            // One letter in the other case, where that leaves some in each.
            var letters = Enumerable.Range(2, text.Length - 2).Where(place => char.IsAsciiLetter(text[place])).ToList();
            var place = letters[draw.Below(letters.Count)];
            var changed = $"{text[..place]}{(char)(text[place] ^ 0x20)}{text[(place + 1)..]}";
            var isMixed = changed[2..].Any(char.IsAsciiLetterUpper) && changed[2..].Any(char.IsAsciiLetterLower);
            Assert.Equal(!isMixed || AddressUtil.Current.IsChecksumAddress(changed), Address.TryParse(changed, out var read));
            Assert.True(!isMixed || read == default);
        }
    }
}
