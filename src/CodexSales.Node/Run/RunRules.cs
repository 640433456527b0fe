using CodexSales.Rx.Local.Sources;

namespace CodexSales.Node.Run;

/// <summary>Which options go together.</summary>
internal static class RunRules
{
    /// <summary>The first thing that is wrong, in one sentence that names the option; null when all is well.</summary>
    public static string? FindFault(RunOptions options) => options switch
    {
        { KeyFile: null, Account: null, Signer: null } =>
            "--key-file: not given, but it is expected, or --account with or without --signer.",
        { KeyFile: not null, Signer: not null } => "--signer: given, but not expected where --key-file is given.",
        { Account: null, Signer: not null } =>
            "--account: not given, but expected with --signer: the account that it signs for.",
        { KeyFile: null, PasswordFile: not null } => "--password-file: given, but --key-file is expected with it.",
        { Signer: null, SignerIsClef: true } => "--clef: given, but --signer is expected with it.",
        { IsDryRun: false, Data: null } => "--data: not given, but --data DIR is expected unless --dry-run is given.",
        { IsDryRun: false, Hook: null } =>
            "--hook: not given, but --hook PROGRAM is expected unless --dry-run is given: it makes the proofs.",
        { IsDryRun: true, Availabilities.IsEmpty: true } =>
            "--availability: not given, but --availability SPEC is expected in a dry run, which has no store.",
        { Source: { } source } when !HttpSlotSource.IsTemplate(source) =>
            $"--source: '{source}' is given, but an http or https address with {{cid}}, {{requestId}} or {{index}} is "
                + "expected.",
        _ => null,
    };
}
