using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CodexSales.Rx.Local.Tests.Sources;

/// <summary>A small HTTP server on this machine. A test says what it answers, as bytes on the wire.</summary>
internal sealed class SlotServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, long, byte[]> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly Lock _gate = new();
    private readonly List<(string Path, long From)> _requests = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="answer">What to answer, given the path and the first byte that is wanted.</param>
    /// <param name="certificate">For TLS; null to do without.</param>
    public SlotServer(Func<string, long, byte[]> answer, X509Certificate2? certificate = null)
    {
        (_answer, _certificate) = (answer, certificate);
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address => $"{(_certificate is null ? "http" : "https")}://{_listener.LocalEndpoint}";

    public IReadOnlyList<(string Path, long From)> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>An answer with a length, from which the body may differ.</summary>
    public static byte[] Answer(string status, ReadOnlySpan<byte> body, long? length = null, string header = "") =>
    [
        .. Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Length: {length ?? body.Length}\r\nConnection: close\r\n{header}\r\n"),
        .. body,
    ];

    /// <summary>The part of some bytes that was asked for.</summary>
    public static byte[] Part(byte[] bytes, long from) => from == 0
        ? Answer("200 OK", bytes)
        : Answer(
            "206 Partial Content",
            bytes.AsSpan((int)from),
            header: $"Content-Range: bytes {from}-{bytes.Length - 1}/{bytes.Length}\r\n");

    public void Dispose()
    {
        _listener.Dispose();
        _certificate?.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var stream = await OpenAsync(client);
                await ServeAsync(stream);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_certificate is null)
        {
            return client.GetStream();
        }

        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(_certificate);
        return stream;
    }

    private async Task ServeAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        var path = (await reader.ReadLineAsync())!.Split(' ')[1];
        var from = 0L;
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            if (header.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
            {
                from = long.Parse(header["Range: bytes=".Length..^1], CultureInfo.InvariantCulture);
            }
        }

        lock (_gate)
        {
            _requests.Add((path, from));
        }

        await stream.WriteAsync(_answer(path, from));
    }
}
