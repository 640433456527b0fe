using System.Reflection;
using CodexSales.Rx.Hosting;

namespace CodexSales.Rx.Web.Codex;

/// <summary>What Codex clients ask first, to see whether somebody is there. A seller has no peers: what is about them is empty.</summary>
internal sealed record CodexInfo(
    string Id,
    IReadOnlyList<string> Addrs,
    string Repo,
    string Spr,
    IReadOnlyList<string> AnnounceAddresses,
    Address EthAddress,
    CodexTable Table,
    CodexVersion Codex)
{
    public static CodexInfo Of(ISalesHost host) => new(
        "",
        [],
        host.Options.SlotFiles.Directory ?? "",
        "",
        [],
        host.Chain.Account,
        new CodexTable(new CodexPeer("", "", "", "", false), []),
        CodexVersion.Own);
}

/// <summary>The peers that are known: none.</summary>
internal sealed record CodexTable(CodexPeer LocalNode, IReadOnlyList<CodexPeer> Nodes);

/// <summary>A peer.</summary>
internal sealed record CodexPeer(string NodeId, string PeerId, string Record, string Address, bool Seen);

/// <summary>What serves this.</summary>
internal sealed record CodexVersion(string Version, string Revision, string Contracts)
{
    // "1.2.3+0123…" as the build has it.
    public static CodexVersion Own { get; } = Read(
        typeof(CodexVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "");

    private static CodexVersion Read(string version) => version.Split('+', 2) is [var number, var revision]
        ? new($"CodexSales {number}", revision, "")
        : new($"CodexSales {version}", "", "");
}
