using System.Text;
using System.Text.Json;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Rpc;

/// <summary>
/// Damaged frames from a seed: nothing throws, hangs, or gives an answer that its frame does not say.
/// </summary>
public sealed class RpcFuzzTests
{
    private const int Frames = 100_000;

    private static readonly string[] _frames =
    [
        """{"jsonrpc":"2.0","id":1,"result":"0x10"}""",
        """[{"id":1,"result":{"hash":"0x1","logs":[1,2]}},{"id":2,"error":{"code":-5,"message":"","data":{"a":1}}}]""",
        """{"id":2,"result":null}{"id":1,"result":[]}""",
        "{\"id\":1,\"result\":true}\n{\"id\":2,\"error\":\"text\"}\n",
        """{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0x1","result":{"number":"0x1"}}}""",
        """{"jsonrpc":"2.0","error":{"code":-32700,"message":"parse error"},"id":null}""",
        """{"error":null,"id":"1","result":{"a":"\u00e9\ud83d\ude00"}}""",
    ];

    [Fact]
    public void A_damaged_frame_is_never_read_as_something_that_it_does_not_say()
    {
        Assert.True(RpcEndpoint.TryParse("http://node.example", out var endpoint, out _));
        var random = new Random(1);
        var answers = 0;
        for (var i = 0; i < Frames; i++)
        {
            var frame = Damage(_frames[random.Next(_frames.Length)], random);

            foreach (var answer in RpcMessageReader.Read(frame, endpoint).OfType<RpcAnswer>())
            {
                answers++;
                AssertSays(frame, answer);
            }
        }

        Assert.InRange(answers, Frames / 4, 2 * Frames);
    }

    [Fact]
    public void Under_damaged_frames_every_question_gets_its_reply_in_time()
    {
        using var bench = new SocketBench();
        bench.Open();
        var random = new Random(2);
        for (var i = 0; i < Frames / 20; i++)
        {
            var replies = new[] { bench.Ask(), bench.Ask() };
            for (var frame = 0; frame < 20; frame++)
            {
                bench.Wire.SayRaw(Damage(_frames[random.Next(_frames.Length)], random));
            }

            bench.Time.AdvanceBy(new RpcOptions().Timeout);
            Assert.All(replies, reply => Assert.True(reply.IsCompletedSuccessfully));
        }

        Assert.Single(bench.Wires);
    }

    private static void AssertSays(byte[] frame, RpcAnswer answer)
    {
        if (answer.Reply is not RpcResult result)
        {
            return;
        }

        // Whatever is given as a result stands in the frame behind that word, and the id behind its own.
        var text = Encoding.UTF8.GetString(frame);
        var value = Encoding.UTF8.GetString(result.Json.Span);
        using var json = JsonDocument.Parse(result.Json);
        Assert.Matches($"\"(result|\\\\u)[^\"]*\"\\s*:\\s*{System.Text.RegularExpressions.Regex.Escape(value)}", text);
        Assert.Matches($"\"id\"\\s*:\\s*\"?0*{answer.Id}", text);
    }

    private static byte[] Damage(string original, Random random)
    {
        List<byte> text = [.. Encoding.UTF8.GetBytes(original)];
        for (var wounds = random.Next(0, 4); wounds > 0 && text.Count > 0; wounds--)
        {
            var at = random.Next(text.Count);
            switch (random.Next(5))
            {
                case 0:
                    text[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    text[at] = (byte)random.Next(256);
                    break;
                case 2:
                    text.RemoveRange(at, Math.Min(random.Next(1, 20), text.Count - at));
                    break;
                case 3:
                    var from = random.Next(text.Count);
                    text.InsertRange(at, text.GetRange(from, Math.Min(random.Next(1, 20), text.Count - from)));
                    break;
                default:
                    text.Insert(at, (byte)"{}[]\":,0"[random.Next(8)]);
                    break;
            }
        }

        return [.. text];
    }
}
