using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Rpc;

public sealed class RpcEndpointTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8545", "http://127.0.0.1:8545")]
    [InlineData("https://node.example/", "https://node.example")]
    [InlineData("https://node.example/v3/abcdef0123456789", "https://node.example/…")]
    [InlineData("wss://node.example?apikey=abcdef0123456789", "wss://node.example/…")]
    [InlineData("ws://me:abcdef0123456789@node.example:8546", "ws://node.example:8546/…")]
    [InlineData("ws://abcdef0123456789@[::1]:8546/x#abcdef0123456789", "ws://[::1]:8546/…")]
    public void The_name_says_where_but_no_more(string address, string name)
    {
        Assert.True(RpcEndpoint.TryParse(address, out var endpoint, out _));

        Assert.Equal(name, endpoint.ToString());
    }

    [Theory]
    [InlineData("https://node.example/v3/abcdef0123456789")]
    [InlineData("https://node.example/?apikey=abcdef0123456789&x=1")]
    [InlineData("https://abcdef0123456789@node.example/")]
    [InlineData("https://me:abcdef0123456789@node.example/")]
    public void A_secret_is_taken_out_of_what_others_say(string address)
    {
        Assert.True(RpcEndpoint.TryParse(address, out var endpoint, out _));

        Assert.Equal("key … of … at v3", endpoint.Scrub("key abcdef0123456789 of ABCDEF0123456789 at v3"));
        Assert.DoesNotContain("abcdef", endpoint.Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("node.example")]
    [InlineData("ftp://node.example/abcdef0123456789")]
    [InlineData("http://")]
    [InlineData("http://no de/abcdef0123456789")]
    [InlineData("http://node.example:99999/abcdef0123456789")]
    public void Anything_else_is_refused_without_being_repeated(string? address)
    {
        Assert.False(RpcEndpoint.TryParse(address, out _, out var problem));

        Assert.Equal("The node's address is not a URL that begins with http://, https://, ws:// or wss://.", problem);
    }

    [Fact]
    public void The_user_of_a_URL_becomes_a_header()
    {
        Assert.True(RpcEndpoint.TryParse("http://me:se%20cret@node.example", out var endpoint, out _));

        Assert.Equal("Basic bWU6c2UgY3JldA==", endpoint.Authorization);
        Assert.Equal("http://node.example/", endpoint.Uri.ToString());
        Assert.Equal("a … b …", endpoint.Scrub("a se%20cret b se cret"));
    }
}
