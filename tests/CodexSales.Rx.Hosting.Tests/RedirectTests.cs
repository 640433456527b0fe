using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CodexSales.Rx.Local.Tests.Sources;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>Where a server of slots sends the program, and where it goes.</summary>
public sealed class RedirectTests : IDisposable
{
    private const string Subject = "CN=127.0.0.1";

    private readonly SlotServer _other = new((_, _) => SlotServer.Answer("200 OK", "other"u8));
    private readonly HttpClient _client;
    private string _location = "";

    public RedirectTests() => _client = new HttpClient(new SameHostRedirects(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, given, _, _) => given?.Subject == Subject },
    }));

    public void Dispose()
    {
        _client.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData("/there")]
    [InlineData("there")]
    public async Task To_another_address_of_the_same_host_it_goes(string location)
    {
        using var server = Serve();
        _location = location;

        Assert.Equal("here", await _client.GetStringAsync(new Uri($"{server.Address}/first"), TestContext.Current.CancellationToken));
        Assert.Equal(["/first", "/there"], server.Requests.Select(request => request.Path));
    }

    [Fact]
    public async Task To_another_host_it_does_not_go()
    {
        using var server = Serve();
        _location = server.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/there";

        Assert.Equal(HttpStatusCode.Found, await GetAsync($"{server.Address}/first"));
        Assert.Equal(["/first"], server.Requests.Select(request => request.Path));
    }

    [Fact]
    public async Task To_another_port_it_does_not_go()
    {
        using var server = Serve();
        _location = $"{_other.Address}/there";

        Assert.Equal(HttpStatusCode.Found, await GetAsync($"{server.Address}/first"));
        Assert.Empty(_other.Requests);
    }

    [Fact]
    public async Task Out_of_tls_it_does_not_go()
    {
        using var server = Serve(SelfSigned());
        _location = server.Address.Replace("https:", "http:", StringComparison.Ordinal) + "/there";

        Assert.Equal(HttpStatusCode.Found, await GetAsync($"{server.Address}/first"));
        Assert.Equal(["/first"], server.Requests.Select(request => request.Path));
    }

    [Fact]
    public async Task Round_and_round_it_does_not_go()
    {
        using var server = Serve();
        _location = "/first";

        Assert.Equal(HttpStatusCode.Found, await GetAsync($"{server.Address}/first"));
        Assert.Equal(6, server.Requests.Count);
    }

    private SlotServer Serve(X509Certificate2? certificate = null) => new(
        (path, _) => path == "/first"
            ? SlotServer.Answer("302 Found", [], header: $"Location: {_location}\r\n")
            : SlotServer.Answer("200 OK", "here"u8),
        certificate);

    private async Task<HttpStatusCode> GetAsync(string address)
    {
        using var response = await _client.GetAsync(new Uri(address), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
