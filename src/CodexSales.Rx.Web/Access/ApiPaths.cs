namespace CodexSales.Rx.Web.Access;

/// <summary>Where the APIs are served, below the path base.</summary>
internal static class ApiPaths
{
    /// <summary>What Codex clients ask.</summary>
    public const string Codex = "/api/codex/v1";

    /// <summary>What operators and their scripts ask.</summary>
    public const string Operator = "/api/v1";
}
