namespace CodexSales.Rx.Sqlite.Tests;

public sealed class SchemaTests : IDisposable
{
    private static readonly string[] _versions =
    [
        "CREATE TABLE a (x INTEGER) STRICT",
        "ALTER TABLE a ADD COLUMN y INTEGER; INSERT INTO a VALUES (1, 2)",
        "UPDATE a SET x = x + 1; UPDATE a SET y = x",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteConnection _connection;

    public SchemaTests() => _connection = Database.Open(_folder.File("a.db"), SqliteOpenMode.ReadWriteCreate);

    public void Dispose()
    {
        _connection.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_file_of_any_older_version_becomes_the_newest(int version)
    {
        Schema.Migrate(_connection, _versions[..version]);

        Schema.Migrate(_connection, _versions);

        Assert.Equal(3, _connection.ReadNumber("PRAGMA user_version"));
        Assert.Equal("2 2", _connection.ReadText("SELECT x || ' ' || y FROM a"));
    }

    [Fact]
    public void A_step_that_fails_leaves_the_version_before_it()
    {
        string[] failing = [.. _versions[..2], "UPDATE a SET x = 7; UPDATE b SET x = 7"];

        Assert.Throws<SqliteException>(() => Schema.Migrate(_connection, failing));

        Assert.Equal(2, _connection.ReadNumber("PRAGMA user_version"));
        Assert.Equal("1 2", _connection.ReadText("SELECT x || ' ' || y FROM a"));
    }

    [Fact]
    public void A_newer_version_is_refused()
    {
        Schema.Migrate(_connection, _versions);

        Assert.Throws<StoreIsNewerException>(() => Schema.Migrate(_connection, _versions[..2]));

        Assert.Equal(3, _connection.ReadNumber("PRAGMA user_version"));
    }
}
