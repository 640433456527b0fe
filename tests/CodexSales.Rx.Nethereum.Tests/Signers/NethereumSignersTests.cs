using System.Reactive.Concurrency;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Nethereum.Signers;
using Nethereum.Signer;
using Nethereum.Signer.Crypto;
using Nethereum.Web3.Accounts;

namespace CodexSales.Rx.Nethereum.Tests.Signers;

/// <summary>Accounts, keys and devices of Nethereum as signers.</summary>
public sealed class NethereumSignersTests : IDisposable
{
    private readonly EventLoopScheduler _time = new();

    public static TheoryData<ExternalSignerTransactionFormat, bool> Kinds => new()
    {
        { ExternalSignerTransactionFormat.Hash, true },
        { ExternalSignerTransactionFormat.Hash, false },
        { ExternalSignerTransactionFormat.RLP, true },
        { ExternalSignerTransactionFormat.RLP, false },
    };

    public void Dispose() => _time.Dispose();

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_signs()
    {
        using var signer = new Account(Samples.PrivateKey, chainId: 1).ToSigner();

        Assert.Equal(Samples.Account, signer.Account);
        Assert.Null(await signer.FindFaultAsync(None));
        await AssertSignsAsync(signer, Samples.Dynamic);
        await AssertSignsAsync(signer, Samples.Legacy);
    }

    // Nethereum leaves out the zeros at the beginning.
    [Fact]
    public async Task A_key_that_begins_with_zeros_signs()
    {
        using var signer = Samples.OtherKey.ToSigner();
        using var ofAccount = new Account(Samples.OtherKey).ToSigner();

        Assert.Equal("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf", $"{signer.Account}");
        Assert.Equal(signer.Account, ofAccount.Account);
        await AssertSignsAsync(signer, Samples.Dynamic);
    }

    // The newer library of the curve, which we bring, beside the switch of Nethereum that uses it.
    [Fact]
    public void Nethereum_signs_with_our_library_of_the_curve_as_well()
    {
        var hash = Draw(32);
        var slow = Samples.Key.SignAndCalculateYParityV(hash);
        EthECKey.SignRecoverable = true;
        try
        {
            var quick = Samples.Key.SignAndCalculateYParityV(hash);

            Assert.Equal((slow.R, slow.S, slow.V), (quick.R, quick.S, quick.V), new InBytes());
        }
        finally
        {
            EthECKey.SignRecoverable = false;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_device_that_signs_bytes_signs(ExternalSignerTransactionFormat format, bool isDynamic)
    {
        var signer = await new KeyDevice(Samples.Key, format).ToSignerAsync(_time);

        Assert.Equal(Samples.Account, signer.Account);
        Assert.Null(await signer.FindFaultAsync(None));
        await AssertSignsAsync(signer, isDynamic ? Samples.Dynamic : Samples.Legacy);
    }

    [Fact]
    public async Task Of_two_signatures_the_one_that_chains_take_is_used()
    {
        var device = new KeyDevice(Samples.Key, ExternalSignerTransactionFormat.Hash)
        {
            Give = signature => new ECDSASignature(signature.R, ECKey.CURVE_ORDER.Subtract(signature.S)),
        };

        await AssertSignsAsync(await device.ToSignerAsync(_time), Samples.Dynamic);
    }

    // 27 and 28, the chain's, cut off, or nonsense.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(27)]
    [InlineData(28)]
    [InlineData(255)]
    public async Task What_a_device_says_of_v_does_not_matter(byte v)
    {
        var device = new ScriptedDevice(transaction =>
        {
            var signature = Samples.Key.SignAndCalculateYParityV(transaction.RawHash);
            signature.V = [v];
            transaction.SetSignature(signature);
            return Task.CompletedTask;
        });

        await AssertSignsAsync(device.ToSigner(Samples.Account, _time), Samples.Dynamic);
        await AssertSignsAsync(device.ToSigner(Samples.Account, _time), Samples.Legacy);
    }

    [Fact]
    public async Task Another_transaction_or_key_is_refused_for_good()
    {
        var refused = new NotSigned(
            $"The signer signed another transaction, or with another key than that of {Samples.Account}.", IsPassing: false);
        var ofAnotherKey = new KeyDevice(Samples.OtherKey, ExternalSignerTransactionFormat.RLP);
        var ofAnother = new ScriptedDevice(transaction =>
        {
            transaction.SetSignature(Samples.Key.SignAndCalculateYParityV(Draw(32)));
            return Task.CompletedTask;
        });

        Assert.Equal(refused, await ofAnotherKey.ToSigner(Samples.Account, _time).SignAsync(Samples.Dynamic, None));
        Assert.Equal(refused, await ofAnother.ToSigner(Samples.Account, _time).SignAsync(Samples.Dynamic, None));
        Assert.Equal(
            new NotSigned("The signer gave no signature.", IsPassing: false),
            await new ScriptedDevice(_ => Task.CompletedTask).ToSigner(Samples.Account, _time).SignAsync(Samples.Legacy, None));
    }

    [Fact]
    public async Task What_a_device_throws_passes_unless_it_can_never_do_it()
    {
        var away = new ScriptedDevice(_ => throw new IOException("The device\u202e is not connected."));
        var late = new ScriptedDevice(async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("Signing failure or not accepted");
        });
        var unable = new ScriptedDevice(_ => throw new NotSupportedException("No transactions."));

        Assert.Equal(
            new NotSigned("The signer refuses: The device  is not connected.", IsPassing: true),
            await away.ToSigner(Samples.Account, _time).SignAsync(Samples.Dynamic, None));
        Assert.Equal(
            new NotSigned("The signer refuses: Signing failure or not accepted", IsPassing: true),
            await late.ToSigner(Samples.Account, _time).SignAsync(Samples.Dynamic, None));
        Assert.Equal(
            new NotSigned("The signer can't sign this: No transactions.", IsPassing: false),
            await unable.ToSigner(Samples.Account, _time).SignAsync(Samples.Dynamic, None));
    }

    [Fact]
    public async Task A_device_without_type_2_is_not_asked_for_it()
    {
        var signer = new ScriptedDevice(_ => throw new IOException("It was asked.")) { Supported1559 = false }.ToSigner(Samples.Account, _time);

        Assert.Equal(
            new NotSigned("The signer does not sign transactions of type 2 (EIP-1559).", IsPassing: false),
            await signer.SignAsync(Samples.Dynamic, None));
        Assert.Equal(
            new NotSigned("The signer refuses: It was asked.", IsPassing: true), await signer.SignAsync(Samples.Legacy, None));
    }

    // Transactions are signed together, but a device has one button.
    [Fact]
    public async Task A_device_is_asked_for_one_signature_at_a_time()
    {
        var (asked, pressed) = (0, new List<TaskCompletionSource>());
        var device = new ScriptedDevice(async transaction =>
        {
            var press = new TaskCompletionSource();
            lock (pressed)
            {
                asked++;
                pressed.Add(press);
                Monitor.PulseAll(pressed);
            }

            await press.Task;
            transaction.SetSignature(Samples.Key.SignAndCalculateYParityV(transaction.RawHash));
        });
        var signer = device.ToSigner(Samples.Account, _time);
        using var impatient = new CancellationTokenSource();

        var first = signer.SignAsync(Samples.Dynamic, impatient.Token);
        var second = signer.SignAsync(Samples.Legacy, None);
        WaitFor(1);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        lock (pressed)
        {
            Assert.Equal(1, asked);
        }

        pressed[0].SetResult();
        WaitFor(2);
        pressed[1].SetResult();
        Assert.IsType<Signed>(await second);

        void WaitFor(int count)
        {
            lock (pressed)
            {
                while (asked < count)
                {
                    Assert.True(Monitor.Wait(pressed, TimeSpan.FromSeconds(30)));
                }
            }
        }
    }

    [Fact]
    public async Task A_device_that_hangs_is_given_up_in_time_and_asked_again_once_it_has_answered()
    {
        var time = new VirtualTime();
        var (asked, begun, hanging) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        var signer = new ScriptedDevice(async transaction =>
        {
            asked++;
            begun.TrySetResult();
            await hanging.Task;
            transaction.SetSignature(Samples.Key.SignAndCalculateYParityV(transaction.RawHash));
        }).ToSigner(Samples.Account, time, TimeSpan.FromSeconds(30));
        var late = new NotSigned("The signer does not answer: There was no answer within 30 s.", IsPassing: true);

        var first = signer.SignAsync(Samples.Dynamic, None);
        var second = signer.SignAsync(Samples.Legacy, None);
        await begun.Task;
        time.AdvanceBy(TimeSpan.FromSeconds(29.9));
        Assert.False(first.IsCompleted);
        time.AdvanceBy(TimeSpan.FromSeconds(0.1));
        Assert.Equal([late, late], await Task.WhenAll(first, second));
        hanging.SetResult();

        Assert.IsType<Signed>(await signer.SignAsync(Samples.Dynamic, None));
        Assert.Equal(2, asked);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new ScriptedDevice(_ => Task.CompletedTask).ToSigner(Samples.Account, time, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_device_that_is_away_or_has_another_key_is_a_fault()
    {
        var away = new ScriptedDevice(_ => Task.CompletedTask) { TellAddress = () => throw new IOException("It is not connected.") };
        var other = new KeyDevice(Samples.OtherKey, ExternalSignerTransactionFormat.Hash);

        Assert.Equal(
            "The signer does not say which account it signs for: It is not connected.",
            await away.ToSigner(Samples.Account, _time).FindFaultAsync(None));
        await Assert.ThrowsAsync<IOException>(() => away.ToSignerAsync(_time));
        Assert.Equal(
            $"The signer signs for 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf, not for {Samples.Account}.",
            await other.ToSigner(Samples.Account, _time).FindFaultAsync(None));
    }

    // Signatures are deterministic: what a device signs is what the account signs.
    private static async Task AssertSignsAsync(ISigner signer, UnsignedTransaction transaction)
    {
        var signed = Assert.IsType<Signed>(await signer.SignAsync(transaction, None)).Transaction;
        Assert.True(signed.TryGetSender(out var sender));
        Assert.Equal(signer.Account, sender);
        Assert.True(signed.TryGetUnsigned(out var unsigned));
        Assert.Equal(transaction.Encode(), unsigned.Encode());
    }

    private static byte[] Draw(int count) => new Differential.Draw(19_019).Bytes(count);

    private sealed class InBytes : IEqualityComparer<(byte[] R, byte[] S, byte[] V)>
    {
        public bool Equals((byte[] R, byte[] S, byte[] V) x, (byte[] R, byte[] S, byte[] V) y) =>
            x.R.SequenceEqual(y.R) && x.S.SequenceEqual(y.S) && x.V.SequenceEqual(y.V);

        public int GetHashCode((byte[] R, byte[] S, byte[] V) obj) => 0;
    }
}
