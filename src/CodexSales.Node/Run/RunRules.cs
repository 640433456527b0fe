using CodexSales.Rx.Ethereum.Codecs;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Local.Sources;

namespace CodexSales.Node.Run;

/// <summary>The rules by which options go together.</summary>
internal static class RunRules
{
    // To reserve a slot, to approve its collateral and to fill it, with what each may use over its estimate.
    private const ulong GasOfASlot = 600_000;

    // Of that, to reserve and to approve. A fill that can't be estimated is likely to use half of its limit.
    private const ulong GasBeforeAFill = 100_000;

    /// <summary>The first thing that is wrong, in one sentence that names the option; null when all is well.</summary>
    public static string? FindFault(RunOptions options) => FindFault(options, options.Settings);

    private static string? FindFault(RunOptions options, CodexSalesOptions settings) => settings switch
    {
        { Ethereum: { KeyFile: null, Account: null, Signer: null } } =>
            "--key-file: not given, but it is expected, or --account with or without --signer.",
        { Ethereum: { KeyFile: not null, Signer: not null } } => "--signer: given, but not expected where --key-file is given.",
        { Ethereum: { Account: null, Signer: not null } } =>
            "--account: not given, but expected with --signer: the account that it signs for.",
        { Ethereum: { KeyFile: null, PasswordFile: not null } } => "--password-file: given, but --key-file is expected with it.",
        { Ethereum: { Signer: null, SignerIsClef: true } } => "--clef: given, but --signer is expected with it.",
        { Sqlite.Path: null } when !options.IsDryRun => "--data: not given, but --data DIR is expected unless --dry-run is given.",
        { Hooks.Program: null } when !options.IsDryRun =>
            "--hook: not given, but --hook PROGRAM is expected unless --dry-run is given: it makes the proofs.",
        _ when options is { IsDryRun: true, Availabilities.IsEmpty: true } =>
            "--availability: not given, but --availability SPEC is expected in a dry run, which has no store.",
        { SlotFiles.Source: { } source } when !HttpSlotSource.IsTemplate(source) =>
            $"--source: '{source}' is given, but an http or https address with {{cid}}, {{requestId}} or {{index}} is "
                + "expected.",
        { Ethereum: var ethereum } => FindFault(ethereum.Transactions, ethereum.Marketplace),
    };

    private static string? FindFault(TransactionOptions sending, Address? marketplace) => sending switch
    {
        { PayoutTo: { } payee } when payee == default || payee == marketplace =>
            $"--payout-to: {payee} is given, but an account is expected that can take the rewards.",
        { MinPriorityFeePerGas: var tip, MaxFeePerGas: var most } when tip > most =>
            $"--least-gwei-tip: {EtherAmount.Gwei(tip)} is given, but at most {EtherAmount.Gwei(most)} is expected, which "
                + "is --most-gwei-per-gas.",
        { MostWeiPerDay: var ofADay, MaxFeePerGas: var most } when ofADay < most * GasOfASlot =>
            $"--most-ether-per-day: {EtherAmount.Ether(ofADay)} is given, but at least "
                + $"{EtherAmount.Ether(most * GasOfASlot)} is expected: one slot may take that much to fill at the "
                + $"{EtherAmount.Gwei(most)} of --most-gwei-per-gas.",
        { UnestimatedFillGas: var gas, MostWeiPerDay: var ofADay, MaxFeePerGas: var most }
            when ofADay < most * (GasBeforeAFill + (gas / 2)) =>
            $"--unestimated-fill-gas: {gas} is given, but at most {((ofADay / (ulong)most) - GasBeforeAFill) * 2} is expected: at the "
                + $"{EtherAmount.Gwei(most)} of --most-gwei-per-gas half of it would cost more than the "
                + $"{EtherAmount.Ether(ofADay)} of --most-ether-per-day.",
        _ => null,
    };
}
