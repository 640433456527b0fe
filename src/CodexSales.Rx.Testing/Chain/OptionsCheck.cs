namespace CodexSales.Rx.Testing.Chain;

/// <summary>What the contract's constructor demands of its configuration.</summary>
internal static class OptionsCheck
{
    public static void ThrowIfInvalid(SimulatedChainOptions options)
    {
        ThrowUnless(options.BlockSeconds >= 0.001, "a block takes at least a thousandth of a second");
        ThrowUnless(
            options.FirstBlockAge >= TimeSpan.Zero && options.FirstBlockAge.TotalSeconds < options.BlockSeconds,
            "the first block is younger than the time of a block");
        ThrowUnless(options.Rules.ProofPeriodSeconds > 0, "a proof period takes at least a second");
        ThrowUnless(options.Rules.RepairRewardPercent <= 100, "the repair reward is at most 100 %");
        ThrowUnless(options.ValidatorRewardPercent <= 100, "the validator's reward is at most 100 %");
        ThrowUnless(options.MaxReorganisation >= 0, "the longest reorganisation is at least 0 blocks");
        ThrowUnless(options.MaxBlocksBehind >= 0, "a node is behind by at least 0 blocks");
        ThrowUnless(options.MaxSlashes * options.SlashPercent <= 100, "all slashes together are at most 100 %");
    }

    private static void ThrowUnless(bool condition, string demand)
    {
        if (!condition)
        {
            throw new ArgumentException($"The contract can't be set up like that: {demand}.");
        }
    }
}
