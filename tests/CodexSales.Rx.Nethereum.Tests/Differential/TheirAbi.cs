using Nethereum.ABI;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.ABI.Model;
using Nethereum.Hex.HexConvertors.Extensions;

namespace CodexSales.Rx.Nethereum.Tests.Differential;

/// <summary>What Nethereum writes for the types of a signature, such as <c>token()</c> or <c>f((uint8,string),bytes32)</c>.</summary>
internal static class TheirAbi
{
    /// <summary>The data of a call; a tuple is an array of its values.</summary>
    public static byte[] Call(string signature, params object[] values)
    {
        var border = signature.IndexOf('(', StringComparison.Ordinal);
        var function = new FunctionABI(signature[..border], constant: false) { InputParameters = ParametersOf(signature[border..]) };
        return new FunctionCallEncoder().EncodeRequest(function.Sha3Signature, function.InputParameters, values).HexToByteArray();
    }

    /// <summary>The data of a result, of types in brackets.</summary>
    public static byte[] Encode(string types, params object[] values) =>
        new ParametersEncoder().EncodeParameters(ParametersOf(types), values);

    private static Parameter[] ParametersOf(string types) =>
        [.. Split(types[1..^1]).Select((type, place) => ParameterOf(type, place + 1))];

    private static Parameter ParameterOf(string type, int order)
    {
        if (type[0] != '(')
        {
            return new Parameter(type, $"p{order}", order);
        }

        var tuple = new Parameter("tuple", $"p{order}", order);
        ((TupleType)tuple.ABIType).SetComponents(ParametersOf(type));
        return tuple;
    }

    private static IEnumerable<string> Split(string types)
    {
        var (depth, start) = (0, 0);
        for (var place = 0; place < types.Length; place++)
        {
            depth += types[place] switch { '(' => 1, ')' => -1, _ => 0 };
            if (types[place] == ',' && depth == 0)
            {
                yield return types[start..place];
                start = place + 1;
            }
        }

        if (types.Length > 0)
        {
            yield return types[start..];
        }
    }
}
