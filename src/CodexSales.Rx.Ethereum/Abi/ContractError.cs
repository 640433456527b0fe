namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>Why a contract reverted. The hierarchy is closed: the cases are those in this file.</summary>
internal abstract record ContractError
{
    private static readonly ContractFunction _text = new("Error(string)");
    private static readonly ContractFunction _panic = new("Panic(uint256)");

    /// <summary>The refusal that the pipeline takes it for.</summary>
    public virtual MarketRefusal Refusal => MarketRefusal.Other;

    /// <summary>The end of a sentence that begins with "it reverts with".</summary>
    public abstract string Text { get; }

    /// <summary>Understands the data of a revert. There is no data for which it throws.</summary>
    public static ContractError Of(ReadOnlySpan<byte> revertData)
    {
        if (revertData.Length < ContractFunction.SelectorSize)
        {
            return new BareRevert();
        }

        var selector = revertData[..ContractFunction.SelectorSize];
        var arguments = revertData[ContractFunction.SelectorSize..];
        return selector.SequenceEqual(_text.GetSelector()) ? ReadText(arguments)
            : selector.SequenceEqual(_panic.GetSelector()) ? ReadPanic(arguments)
            : DeclaredErrors.Find(selector) is { } declared ? ReadDeclared(declared, arguments)
            : new UndeclaredError(Convert.ToHexStringLower(selector));
    }

    private static ContractError ReadText(ReadOnlySpan<byte> arguments)
    {
        var data = new ReturnData(arguments);
        data.TakeOffset(words: 1);
        var text = Encoding.UTF8.GetString(data.TakeBytes());
        return data.Problem is null ? new RevertText(NodeText.Clean(text)) : new BareRevert();
    }

    private static ContractError ReadPanic(ReadOnlySpan<byte> arguments)
    {
        var data = new ReturnData(arguments);
        var code = data.TakeUInt256();
        return data.Problem is null ? new Panic(code) : new BareRevert();
    }

    private static ContractError ReadDeclared(DeclaredError declared, ReadOnlySpan<byte> arguments)
    {
        if (!declared.IsShortfall)
        {
            return new CustomError(declared);
        }

        var data = new ReturnData(arguments);
        var account = data.TakeAddress();
        var (has, needs) = (data.TakeUInt256(), data.TakeUInt256());
        return data.End() is null ? new TokenShortfall(declared, account, has, needs) : new CustomError(declared);
    }
}

/// <summary>An error that the contract or the token declares.</summary>
internal sealed record CustomError(DeclaredError Declared) : ContractError
{
    public override MarketRefusal Refusal => Declared.Refusal;

    public override string Text => $"{Declared.Name}: {Declared.Meaning}";
}

/// <summary>Too few tokens, or too small an allowance, of an account; amounts in the smallest unit.</summary>
internal sealed record TokenShortfall(DeclaredError Declared, Address Account, UInt256 Has, UInt256 Needs)
    : ContractError
{
    public override MarketRefusal Refusal => Declared.Refusal;

    /// <summary>Whether approving more would help.</summary>
    public bool IsOfAllowance => Declared.Name == "ERC20InsufficientAllowance";

    public override string Text => $"{Declared.Name}: {Declared.Meaning}: {Needs} are needed, {Has} are there";
}

/// <summary>A text: <c>require(condition, "text")</c>.</summary>
internal sealed record RevertText(string Message) : ContractError
{
    private const int LongestText = 200;

    public override string Text => Message.Length <= LongestText ? $"\"{Message}\"" : $"\"{Message[..LongestText]}…\"";
}

/// <summary>A fault that the compiler's own checks found. Source: Solidity, "Panic via assert".</summary>
internal sealed record Panic(UInt256 Code) : ContractError
{
    public override string Text => (Code > byte.MaxValue ? 0 : (ulong)Code) switch
    {
        0x01 => "panic 0x01: an assertion does not hold",
        0x11 => "panic 0x11: a number is too large or too small",
        0x12 => "panic 0x12: a division by zero",
        0x21 => "panic 0x21: a value that its enumeration does not have",
        0x31 => "panic 0x31: an empty array has nothing to take",
        0x32 => "panic 0x32: an array has no such index",
        0x41 => "panic 0x41: too much memory",
        _ => $"panic {Code}",
    };
}

/// <summary>An error that neither the contract nor the token is known to declare.</summary>
internal sealed record UndeclaredError(string Selector) : ContractError
{
    public override string Text => $"the error 0x{Selector}, which is not known";
}

/// <summary>No reason, or none that can be read: also of a contract without the function that was called.</summary>
internal sealed record BareRevert : ContractError
{
    public override string Text => "no reason";
}
