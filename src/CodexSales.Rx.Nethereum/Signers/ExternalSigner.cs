using System.Numerics;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using Nethereum.Model;
using Nethereum.Signer;

namespace CodexSales.Rx.Nethereum.Signers;

/// <summary>Signs with a device or a service of Nethereum, which does one thing at a time.</summary>
internal sealed class ExternalSigner(IEthExternalSigner device, Address account, IScheduler scheduler, TimeSpan patience) : ISigner
{
    // The order of the curve, and the largest s that chains take: half of it. Source: EIP-2.
    private static readonly UInt256 _order =
        UInt256.Parse("115792089237316195423570985008687907852837564279074904382605163141518161494337");

    private static readonly UInt256 _largestS = _order / 2;

    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    public Address Account => account;

    public async Task<string?> FindFaultAsync(CancellationToken cancellation)
    {
        try
        {
            var said = await AskAsync(device.GetAddressAsync, cancellation).ConfigureAwait(false);
            return Address.TryParse(said, out var own) && own == account
                ? null
                : $"The signer signs for {said}, not for {account}.";
        }
        catch (Exception refused) when (!cancellation.IsCancellationRequested)
        {
            return $"The signer does not say which account it signs for: {NodeText.Clean(refused.Message)}";
        }
    }

    public async Task<SigningReply> SignAsync(UnsignedTransaction transaction, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction.Fees is DynamicFees && !device.Supported1559)
        {
            return new NotSigned("The signer does not sign transactions of type 2 (EIP-1559).", IsPassing: false);
        }

        try
        {
            return Check(transaction, await AskAsync(() => SignAsync(transaction), cancellation).ConfigureAwait(false));
        }
        catch (Exception unable) when (unable is NotImplementedException or NotSupportedException)
        {
            return new NotSigned($"The signer can't sign this: {NodeText.Clean(unable.Message)}", IsPassing: false);
        }
        catch (TimeoutException late) when (!cancellation.IsCancellationRequested)
        {
            return new NotSigned($"The signer does not answer: {NodeText.Clean(late.Message)}", IsPassing: true);
        }
        catch (Exception refused) when (!cancellation.IsCancellationRequested)
        {
            return new NotSigned($"The signer refuses: {NodeText.Clean(refused.Message)}", IsPassing: true);
        }
    }

    // Without an end to the wait, a device that hangs would hold up all transactions, and nobody would hear of it.
    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var deadline = scheduler.Schedule(patience, wait.Cancel);
        try
        {
            return await Begin(ask, wait.Token).WaitAsync(wait.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (wait.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"There was no answer within {patience.TotalSeconds:0.###} s.");
        }
    }

    // Also when nobody waits for what it is asked for any more, it is asked for nothing else before it has answered.
    // On another thread, as some drivers wait for their device without giving theirs back.
    private Task<T> Begin<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var asking = AskAfterAsync(_last);
            _last = asking.ContinueWith(
                static done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            return asking;
        }

        async Task<T> AskAfterAsync(Task before)
        {
            await before.ConfigureAwait(false);
            return await Task.Run(ask, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<ISignature?> SignAsync(UnsignedTransaction transaction)
    {
        var (to, data) = ($"{transaction.To}", $"0x{Convert.ToHexStringLower(transaction.Data.AsSpan())}");
        switch (transaction.Fees)
        {
            case DynamicFees fees:
                var dynamic = new Transaction1559(
                    transaction.ChainId, transaction.Nonce, Number(fees.MaxPriorityFeePerGas), Number(fees.MaxFeePerGas),
                    transaction.GasLimit, to, Number(transaction.Value), data, []);
                await device.SignAsync(dynamic).ConfigureAwait(false);
                return dynamic.Signature;

            default:
                var legacy = new LegacyTransactionChainId(
                    to, Number(transaction.Value), transaction.Nonce, Number(transaction.Fees.MostWeiPerGas),
                    transaction.GasLimit, data, transaction.ChainId);
                await device.SignAsync(legacy).ConfigureAwait(false);
                return legacy.Signature;
        }
    }

    // Devices write v in many ways, and some cut it off. But one of two transactions is the account's, or none is.
    private SigningReply Check(UnsignedTransaction transaction, ISignature? signature)
    {
        if (Read(signature?.R) is not { } r || Read(signature?.S) is not { } s)
        {
            return new NotSigned("The signer gave no signature.", IsPassing: false);
        }

        s = s > _largestS && s < _order ? _order - s : s;
        foreach (var isYOdd in new[] { false, true })
        {
            var signed = transaction.Sign(isYOdd, r, s);
            if (signed.TryGetSender(out var sender) && sender == account)
            {
                return new Signed(signed);
            }
        }

        return new NotSigned($"The signer signed another transaction, or with another key than that of {account}.", IsPassing: false);
    }

    private static UInt256? Read(byte[]? number)
    {
        var digits = number.AsSpan().TrimStart((byte)0);
        if (digits.Length is 0 or > Bytes32.Size)
        {
            return null;
        }

        Span<byte> whole = stackalloc byte[Bytes32.Size];
        whole.Clear();
        digits.CopyTo(whole[^digits.Length..]);
        return UInt256.FromBigEndian(whole);
    }

    private static BigInteger Number(UInt256 number)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        number.WriteBigEndian(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }
}
