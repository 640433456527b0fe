namespace CodexSales.Rx.Tests.Selling;

public sealed class ProofOnceTests : IDisposable
{
    private readonly List<Subject<ChallengeProof>> _made = [];
    private readonly List<Exception> _errors = [];
    private readonly List<ChallengeProof> _proofs = [];
    private readonly ProofOnce _once;
    private int _given;

    public ProofOnceTests() => _once = new ProofOnce(_ => Observable.Defer(() =>
    {
        _made.Add(new Subject<ChallengeProof>());
        return _made[^1].Finally(() => _given++);
    }));

    [Fact]
    public void A_proof_that_is_wanted_again_while_it_is_made_is_made_once_and_comes_to_all()
    {
        Want(period: 1, challenge: 1);
        Want(period: 1, challenge: 1);
        Finish(0);
        Want(period: 1, challenge: 1);

        Assert.Single(_made);
        Assert.Equal(3, _proofs.Count);
    }

    [Fact]
    public void Who_does_not_want_it_any_more_does_not_end_it()
    {
        Want(period: 1, challenge: 1).Dispose();
        Assert.Equal(0, _given);

        Want(period: 1, challenge: 1);
        Finish(0);

        Assert.Single(_made);
        Assert.Single(_proofs);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void Another_challenge_or_period_is_proved_anew_and_what_was_being_made_is_given_up(ulong period, byte challenge)
    {
        Want(period: 1, challenge: 1);

        Want(period, challenge);

        Assert.Equal((2, 1), (_made.Count, _given));
    }

    [Fact]
    public void A_proof_that_could_not_be_made_is_made_anew()
    {
        Want(period: 1, challenge: 1);
        _made[0].OnError(new InvalidOperationException("No circuit."));
        Assert.Single(_errors);

        Want(period: 1, challenge: 1);
        Finish(1);

        Assert.Single(_proofs);
    }

    [Fact]
    public void A_proof_that_does_not_verify_is_made_anew()
    {
        Want(period: 1, challenge: 1);
        Finish(0);

        _once.Forget();
        Want(period: 1, challenge: 1);

        Assert.Equal(2, _made.Count);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public void What_is_being_made_of_an_earlier_period_is_given_up(ulong period, int given)
    {
        Want(period: 1, challenge: 1);

        _once.GiveUpBefore(period);

        Assert.Equal(given, _given);
    }

    [Fact]
    public void To_dispose_gives_up_what_is_being_made()
    {
        Want(period: 1, challenge: 1);

        _once.Dispose();

        Assert.Equal(1, _given);
    }

    public void Dispose()
    {
        _once.Dispose();
        _made.ForEach(each => each.Dispose());
    }

    private IDisposable Want(ulong period, byte challenge) => _once
        .Of(new ProofDemand(period, true, false, 0, new Bytes32([.. Enumerable.Repeat(challenge, 32)])))
        .Subscribe(_proofs.Add, _errors.Add);

    private void Finish(int number)
    {
        _made[number].OnNext(new ChallengeProof(1, default, ScriptedProver.Proof));
        _made[number].OnCompleted();
    }
}
