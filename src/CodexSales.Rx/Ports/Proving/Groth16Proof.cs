namespace CodexSales.Rx.Ports.Proving;

/// <summary>A Groth16 proof as the contract takes it: three points of a curve, eight numbers.</summary>
/// <param name="AX">Point A, x.</param>
/// <param name="AY">Point A, y.</param>
/// <param name="BXReal">Point B, real part of x.</param>
/// <param name="BXImaginary">Point B, imaginary part of x.</param>
/// <param name="BYReal">Point B, real part of y.</param>
/// <param name="BYImaginary">Point B, imaginary part of y.</param>
/// <param name="CX">Point C, x.</param>
/// <param name="CY">Point C, y.</param>
/// <remarks>Source: <c>Groth16.sol</c> <c>Groth16Proof</c>. The contract refuses the proof of eight zeros.</remarks>
public sealed record Groth16Proof(
    UInt256 AX,
    UInt256 AY,
    UInt256 BXReal,
    UInt256 BXImaginary,
    UInt256 BYReal,
    UInt256 BYImaginary,
    UInt256 CX,
    UInt256 CY)
{
    internal static Groth16Proof None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0);
}
