using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests;

/// <summary>
/// Damaged logs by the hundred thousand, from a seed: nothing throws, and no event says what its log does not say.
/// </summary>
public sealed class DamagedLogTests
{
    private const int Times = 200_000;

    private static readonly MarketplaceLogDecoder _decoder = new(Recording.Marketplace);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Damaged_text_never_throws_and_never_gives_a_wrong_event(int seed)
    {
        var random = new Random(seed);
        int refused = 0, undecodable = 0, events = 0;
        for (var i = 0; i < Times; i++)
        {
            var text = Damage(Recording.Logs[random.Next(Recording.Logs.Count)], random);
            if (!LogEntry.TryRead(text, out var log, out var problem))
            {
                Assert.NotEmpty(problem);
                refused++;
                continue;
            }

            var decoded = _decoder.Decode(in log, new UnixSeconds(1));
            undecodable += decoded.Kind == DecodedLogKind.Undecodable ? 1 : 0;
            if (decoded.TryGetEvent(out var happened))
            {
                LogOracle.AssertSays(text, happened);
                events++;
            }
        }

        // Each way out was taken often, or the damage would show little.
        Assert.InRange(refused, Times / 4, Times);
        Assert.InRange(undecodable, Times / 50, Times);
        Assert.InRange(events, Times / 50, Times);
    }

    [Fact]
    public void A_changed_digit_of_data_is_refused_in_padding_and_read_anywhere_else()
    {
        var random = new Random(3);
        foreach (var sample in Samples.Events.Where(sample => LogText.DataOf(sample).Length > 2))
        {
            var data = LogText.DataOf(sample);
            for (var at = 2; at < data.Length; at++)
            {
                var digit = (Convert.ToInt32(data[at].ToString(), 16) + random.Next(1, 16)) % 16;
                var text = (LogText.Of(sample) with { Data = $"\"{data[..at]}{digit:x}{data[(at + 1)..]}\"" }).ToUtf8();
                Assert.True(LogEntry.TryRead(text, out var log, out _));

                var decoded = _decoder.Decode(in log, Samples.Block.Time);

                Assert.Equal(!IsPadding(sample, at - 2), decoded.TryGetEvent(out var happened));
                if (happened is not null)
                {
                    Assert.NotEqual(sample, happened);
                    LogOracle.AssertSays(text, happened);
                }
            }
        }
    }

    private static bool IsPadding(MarketEvent sample, int digit)
    {
        var (word, inWord) = Math.DivRem(digit, 64);
        var isShort = sample is StorageRequested ? word >= 4 : sample is not ProofSubmitted;
        return isShort && inWord < 48;
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        List<byte> text = [.. original];
        for (var wounds = random.Next(1, 4); wounds > 0; wounds--)
        {
            var at = random.Next(text.Count);
            switch (random.Next(8))
            {
                case 0:
                    text[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    text[at] = (byte)random.Next(256);
                    break;
                case 2:
                    text.RemoveAt(at);
                    break;
                case 3:
                    text.Insert(at, (byte)random.Next(32, 127));
                    break;
                case 4:
                    text.RemoveRange(at, Math.Min(random.Next(1, 80), text.Count - at));
                    break;
                case 5:
                    var from = random.Next(text.Count);
                    text.InsertRange(at, text.GetRange(from, Math.Min(random.Next(1, 80), text.Count - from)));
                    break;
                default:
                    ReplaceDigit(text, at, random);
                    break;
            }

            if (text.Count == 0)
            {
                break;
            }
        }

        return [.. text];
    }

    // Another hexadecimal digit in the place of one: the text stays well-formed, and often means something else.
    private static void ReplaceDigit(List<byte> text, int at, Random random)
    {
        if (char.IsAsciiHexDigit((char)text[at]))
        {
            text[at] = "0123456789abcdefABCDEF"u8[random.Next(22)];
        }
    }
}
