using System.Reactive.Disposables;

namespace CodexSales.Rx.Testing.Tests.Checks;

public sealed class RxContractTests
{
    [Fact]
    public void What_keeps_the_contract_passes()
    {
        var heard = new List<int>();
        IObserver<int>? source = null;
        using var subscription = Raw(observer => source = observer).AssertRxContract().Subscribe(heard.Add);

        source!.OnNext(1);
        source.OnNext(2);
        source.OnCompleted();

        Assert.Equal([1, 2], heard);
    }

    [Fact]
    public void A_notification_inside_of_another_one_is_found()
    {
        IObserver<int>? source = null;
        using var subscription = Raw(observer => source = observer).AssertRxContract().Subscribe(value =>
        {
            if (value == 1)
            {
                source!.OnNext(2);
            }
        });

        var violation = Assert.Throws<ContractViolationException>(() => source!.OnNext(1));

        Assert.Equal("An observable notifies of the value 2 while it notifies of something else.", violation.Message);
    }

    [Fact]
    public void A_notification_from_another_thread_meanwhile_is_found()
    {
        IObserver<int>? source = null;
        Exception? found = null;
        using var subscription = Raw(observer => source = observer).AssertRxContract().Subscribe(_ =>
        {
            var other = new Thread(() => found = Record.Exception(() => source!.OnNext(2)));
            other.Start();
            other.Join();
        });

        source!.OnNext(1);

        Assert.Equal(
            "An observable notifies of the value 2 while it notifies of something else.",
            Assert.IsType<ContractViolationException>(found).Message);
    }

    [Fact]
    public void An_error_after_the_end_is_found()
    {
        IObserver<int>? source = null;
        using var subscription = Raw(observer => source = observer).AssertRxContract().Subscribe(_ => { }, _ => { });
        source!.OnError(new TimeoutException("late"));

        var violation = Assert.Throws<ContractViolationException>(() => source.OnError(new TimeoutException("later")));

        Assert.Equal("An observable notifies of the error later after its end.", violation.Message);
    }

    [Fact]
    public void A_notification_after_the_end_is_found()
    {
        IObserver<int>? source = null;
        using var subscription = Raw(observer => source = observer).AssertRxContract().Subscribe(_ => { });
        source!.OnCompleted();

        var violation = Assert.Throws<ContractViolationException>(() => source.OnNext(3));

        Assert.Equal("An observable notifies of the value 3 after its end.", violation.Message);
    }

    // Not an operator of Rx: those keep the contract for whoever breaks it.
    private static RawSource Raw(Action<IObserver<int>> subscribed) => new(subscribed);

    private sealed class RawSource(Action<IObserver<int>> subscribed) : IObservable<int>
    {
        public IDisposable Subscribe(IObserver<int> observer)
        {
            subscribed(observer);
            return Disposable.Empty;
        }
    }
}
