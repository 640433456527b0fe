namespace CodexSales.Rx.Ethereum.Codecs;

/// <summary>Amounts of wei in the units that people use.</summary>
public static class EtherAmount
{
    private const int DigitsOfGwei = 9;
    private const int DigitsOfEther = 18;

    /// <summary>"0.05 gwei": all of its digits, none in vain.</summary>
    public static string Gwei(UInt256 wei) => $"{Shift(wei, DigitsOfGwei)} gwei";

    /// <summary>"0.00275 ether": all of its digits, none in vain.</summary>
    public static string Ether(UInt256 wei) => $"{Shift(wei, DigitsOfEther)} ether";

    private static string Shift(UInt256 wei, int places)
    {
        var digits = wei.ToString().PadLeft(places + 1, '0');
        return $"{digits[..^places]}.{digits[^places..]}".TrimEnd('0').TrimEnd('.');
    }
}
