using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace CodexSales.Rx.Web.Access;

/// <summary>
/// Keys of forms and live pages, which end with the process, as those do. Nothing is written where nobody expects it, and nobody is
/// warned that it is not.
/// </summary>
internal sealed class MemoryKeys : IXmlRepository
{
    private readonly ConcurrentQueue<XElement> _keys = [];

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements() => [.. _keys.Select(key => new XElement(key))];

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName) => _keys.Enqueue(new XElement(element));

    /// <summary>Chooses it, unless the app has chosen another place.</summary>
    public static void Choose(KeyManagementOptions options)
    {
        if (options.XmlRepository is null)
        {
            options.XmlRepository = new MemoryKeys();
            options.XmlEncryptor = new NullXmlEncryptor();
        }
    }
}
