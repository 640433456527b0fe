namespace CodexSales.Rx.Sqlite.Tests;

public sealed class OwnerTests : IDisposable
{
    private static readonly StoreOwner _owner = new(1, AddressOf(1), AddressOf(2));

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<ulong, byte, byte> Others => new() { { 2, 1, 2 }, { 1, 3, 2 }, { 1, 1, 3 } };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whoever_claimed_a_store_may_claim_it_again()
    {
        using (var store = Open())
        {
            await store.ClaimAsync(_owner, TestContext.Current.CancellationToken);
        }

        using var again = Open();

        await again.ClaimAsync(_owner, TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task A_store_of_another_chain_contract_or_account_is_refused_with_both_named(
        ulong chain, byte marketplace, byte account)
    {
        using var store = Open();
        await store.ClaimAsync(_owner, TestContext.Current.CancellationToken);
        var other = new StoreOwner(chain, AddressOf(marketplace), AddressOf(account));

        var error = await Assert.ThrowsAsync<SalesStoreException>(
            () => store.ClaimAsync(other, TestContext.Current.CancellationToken));

        Assert.Equal(
            $"The store '{_folder.File("sales.db")}' remembers the sales of {_owner}, but it is opened for {other}: "
                + "give each a store of its own.",
            error.Message);
    }

    [Fact]
    public void What_a_store_writes_is_for_its_owner_only()
    {
        Needs.Unix("permissions of files");
        using var store = Open();

        var modes = _folder.Names.Select(name => OperatingSystem.IsWindows()
            ? default
            : File.GetUnixFileMode(_folder.File(name)));

        Assert.All(modes, mode => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode));
    }

    private SqliteSalesStore Open() =>
        SqliteSalesStore.Open(new SqliteStoreOptions { Path = _folder.File("sales.db"), ReserveBytes = 4096 });

    private static Address AddressOf(byte last) => Address.Parse($"0x{last:x40}");
}
