namespace CodexSales.Rx.Sqlite;

/// <summary>Notes whose sales a file has, once, and refuses everybody else. Used by one thread.</summary>
internal sealed class OwnerClaim(SqliteConnection connection, WriteTransactions transactions, string subject)
{
    /// <exception cref="SalesStoreException">It has the sales of another one.</exception>
    public void Make(StoreOwner owner)
    {
        var before = Read();
        if (before is null)
        {
            transactions.Run(() => Put(owner));
        }
        else if (before != owner)
        {
            throw new SalesStoreException(
                $"{subject} remembers the sales of {before}, but it is opened for {owner}: give each a store of its own.");
        }
    }

    private void Put(StoreOwner owner)
    {
        using var put = Statement.Put(connection, "owner", "only, chain, marketplace, account");
        put.Execute(1L, owner.ChainId, $"{owner.Marketplace}", $"{owner.Account}");
    }

    private StoreOwner? Read()
    {
        using var statement = new Statement(connection, "SELECT chain, marketplace, account FROM owner");
        using var rows = statement.Query();
        return rows.Next()
            ? new StoreOwner(rows.UInt64(), Address.Parse(rows.Text()), Address.Parse(rows.Text()))
            : null;
    }
}
