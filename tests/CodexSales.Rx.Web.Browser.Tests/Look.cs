namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>How a viewer looks at the page.</summary>
public enum Look
{
    Light,
    Dark,
    Phone,
}
