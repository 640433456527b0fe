using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Hooks;

public sealed class HookProverTests : IDisposable
{
    private static readonly string Largest = UInt256.MaxValue.ToString();

    private readonly HookBench _bench = new();

    [Fact]
    public async Task A_prove_hook_reads_slot_and_challenge()
    {
        var challenge = Bytes32.Parse("0x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
        var prover = _bench.Prover($"printf '%s' \"$line\" > told; echo '{ProofWith("cy", "8")}'");

        await prover.ProveAsync(Slot, challenge, Token);

        Assert.Equal(
            $"{{\"hook\":\"prove\",\"requestId\":\"{Slot.RequestId}\",\"slotIndex\":\"3\",\"slotId\":\"{Slot.SlotId}\","
                + $"\"challenge\":\"{challenge}\"}}",
            await File.ReadAllTextAsync(_bench.Folder["told"], Token));
    }

    [Fact]
    public async Task The_proof_arrives_in_full_precision()
    {
        var prover = _bench.Prover($"echo '{ProofWith("cy", Largest)}'");

        var proof = await prover.ProveAsync(Slot, default, Token);

        Assert.Equal(new Groth16Proof(1, 2, 3, 4, 5, 6, 7, UInt256.MaxValue), proof);
    }

    [Theory]
    [InlineData("{\"proof\":{\"ax\":\"1\"}}", "\"proof\" has no \"ay\" that is the text of a decimal number")]
    [InlineData("{\"proof\":{\"ax\":1}}", "\"proof\" has no \"ax\" that is the text of a decimal number")]
    [InlineData("{\"proof\":{\"ax\":\"0x1\"}}", "\"proof\" has no \"ax\" that is the text of a decimal number")]
    [InlineData("{\"proof\":null}", "\"proof\" is not expected, or not with that value")]
    [InlineData("{\"done\":true}", "{\"proof\":{…}} or {\"error\":\"…\"} is expected")]
    public async Task An_answer_that_is_no_proof_is_an_error(string answer, string clause)
    {
        var error = await Assert.ThrowsAsync<HookException>(
            () => _bench.Prover($"echo '{answer}'").ProveAsync(Slot, default, Token));

        Assert.Equal(
            (HookFailure.BadAnswer, $"The prove hook '/bin/sh' wrote '{answer}', which is no answer: {clause}."),
            (error.Failure, error.Message));
    }

    [Fact]
    public async Task A_number_beyond_256_bits_is_an_error()
    {
        var prover = _bench.Prover($"echo '{ProofWith("cy", Largest + "0")}'");

        var error = await Assert.ThrowsAsync<HookException>(() => prover.ProveAsync(Slot, default, Token));

        Assert.EndsWith("has no \"cy\" that is the text of a decimal number.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        var hook = new HookCommand { Program = "sh", TimeLimit = TimeSpan.Zero };

        var error = Assert.Throws<ArgumentException>(() => new HookProver(hook, _bench.Scheduler));

        Assert.StartsWith("TimeLimit is 00:00:00; more than 0 is expected.", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _bench.Dispose();

    private static string ProofWith(string name, string number)
    {
        var names = new[] { "ax", "ay", "bxReal", "bxImaginary", "byReal", "byImaginary", "cx", "cy" };
        var members = names.Select((n, i) => $"\"{n}\":\"{(n == name ? number : $"{i + 1}")}\"");
        return $"{{\"proof\":{{{string.Join(',', members)}}}}}";
    }
}
