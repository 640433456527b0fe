using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace CodexSales.Rx.Web.Page.Files;

/// <summary>What the page loads: scripts and styles that come inside of this assembly, compressed once.</summary>
internal static class PageFiles
{
    private static readonly Dictionary<string, PageFile> _files =
        new[] { "blazor.js", "mudblazor.js", "mudblazor.css", "page.js", "page.css" }.ToDictionary(name => name, PageFile.Read);

    /// <summary>The address of a file, relative to the page's base; another one for each content, so that browsers may keep it.</summary>
    public static string AddressOf(string name) => $"page/{_files[name].Hash}/{name}";

    public static void MapPageFiles(this IEndpointRouteBuilder app) => app.MapGet(
        "/page/{hash}/{name}",
        (string hash, string name, HttpContext http) => _files.TryGetValue(name, out var file) && file.Hash == hash
            ? file.Answer(http)
            : Results.NotFound());

    private sealed record PageFile(string Type, string Hash, byte[] Text, byte[] Compressed)
    {
        public static PageFile Read(string name)
        {
            using var resource = typeof(PageFiles).Assembly.GetManifestResourceStream(name)!;
            using var text = new MemoryStream();
            resource.CopyTo(text);
            using var compressed = new MemoryStream();
            using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            {
                brotli.Write(text.ToArray());
            }

            return new PageFile(
                name.EndsWith(".css", StringComparison.Ordinal) ? "text/css" : "text/javascript",
                Convert.ToHexStringLower(SHA256.HashData(text.ToArray()))[..16],
                text.ToArray(),
                compressed.ToArray());
        }

        public IResult Answer(HttpContext http)
        {
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            http.Response.Headers.Vary = HeaderNames.AcceptEncoding;
            var takesBrotli = http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
            if (takesBrotli)
            {
                http.Response.Headers.ContentEncoding = "br";
            }

            return Results.Bytes(takesBrotli ? Compressed : Text, Type);
        }
    }
}
