namespace CodexSales.Rx.Ethereum.Anvil;

/// <summary>A node's answer was an error.</summary>
public sealed class JsonRpcException(int code, string message, string? data) : Exception($"{code}: {message}")
{
    /// <summary>The error's number.</summary>
    public int Code => code;

    /// <summary>What the node says, as it says it.</summary>
    public string NodeMessage => message;

    /// <summary>What a contract reverted with, in hexadecimal digits after "0x".</summary>
    public string? RevertData => data;
}
