namespace CodexSales.Rx.Testing.Contract;

/// <summary>Who owns how much of the token. Transfers move tokens, and only <see cref="Mint"/> makes any.</summary>
internal sealed class TokenLedger
{
    private Dictionary<Address, UInt256> _balances = [];

    public UInt256 TotalSupply { get; private set; }

    public IEnumerable<KeyValuePair<Address, UInt256>> Balances => _balances;

    public TokenLedger Copy() => new() { _balances = new(_balances), TotalSupply = TotalSupply };

    public UInt256 BalanceOf(Address account) => _balances.GetValueOrDefault(account);

    public void Mint(Address account, UInt256 amount)
    {
        TotalSupply += amount;
        _balances[account] = BalanceOf(account) + amount;
    }

    /// <summary>False, and nothing moves, when the account has less than the amount.</summary>
    public bool TryTransfer(Address from, Address to, UInt256 amount)
    {
        if (BalanceOf(from) < amount)
        {
            return false;
        }

        _balances[from] = BalanceOf(from) - amount;
        _balances[to] = BalanceOf(to) + amount;
        return true;
    }
}
