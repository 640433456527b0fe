namespace CodexSales.Rx.Resilience;

/// <summary>One value that comes later, or an error: what a question to a port gives.</summary>
/// <remarks>
/// In a query, <c>from</c> after <c>from</c> asks one question after the other. What it means there is the
/// <c>SelectMany</c> of this class and not the one of <c>Observable</c>, which is made for many values at once: it
/// would keep a group of subscriptions and two locks for each question.
/// </remarks>
internal abstract class Answer<T> : IObservable<T>
{
    public abstract IDisposable Subscribe(IObserver<T> observer);

    /// <summary>The answer to a question that is made anew for each subscription.</summary>
    public static Answer<T> To(Func<Answer<T>> question) => new Deferred(question);

    /// <summary>Goes on with what the value leads to. What a delegate throws is the error.</summary>
    /// <param name="next">What follows from the value.</param>
    /// <param name="resultOf">Makes one of the value and of what followed.</param>
    public Answer<TResult> SelectMany<TNext, TResult>(
        Func<T, IObservable<TNext>> next, Func<T, TNext, TResult> resultOf) =>
        new Sequel<TNext, TResult>(this, next, resultOf);

    private sealed class Deferred(Func<Answer<T>> question) : Answer<T>
    {
        public override IDisposable Subscribe(IObserver<T> observer) => question().Subscribe(observer);
    }

    private sealed class Sequel<TNext, TResult>(
        Answer<T> first, Func<T, IObservable<TNext>> next, Func<T, TNext, TResult> resultOf) : Answer<TResult>
    {
        public override IDisposable Subscribe(IObserver<TResult> observer)
        {
            var begun = new Answer<T>.Beginning<TNext, TResult>(next, resultOf, observer);
            begun.Asked.Disposable = first.Subscribe(begun);
            return begun;
        }
    }

    private sealed class Beginning<TNext, TResult>(
        Func<T, IObservable<TNext>> next, Func<T, TNext, TResult> resultOf, IObserver<TResult> observer)
        : IObserver<T>, IDisposable
    {
        private readonly SingleAssignmentDisposable _following = new();

        public SingleAssignmentDisposable Asked { get; } = new();

        public void OnNext(T value)
        {
            IObservable<TNext> following;
            try
            {
                following = next(value);
            }
            catch (Exception failure)
            {
                observer.OnError(failure);
                return;
            }

            _following.Disposable = following.Subscribe(new Continuation<TNext, TResult>(value, resultOf, observer));
        }

        public void OnError(Exception error) => observer.OnError(error);

        // There was a value, and what follows from it says when it is over.
        public void OnCompleted()
        {
        }

        public void Dispose()
        {
            Asked.Dispose();
            _following.Dispose();
        }
    }

    private sealed class Continuation<TNext, TResult>(
        T value, Func<T, TNext, TResult> resultOf, IObserver<TResult> observer) : IObserver<TNext>
    {
        public void OnNext(TNext next)
        {
            TResult result;
            try
            {
                result = resultOf(value, next);
            }
            catch (Exception failure)
            {
                observer.OnError(failure);
                return;
            }

            observer.OnNext(result);
        }

        public void OnError(Exception error) => observer.OnError(error);

        public void OnCompleted() => observer.OnCompleted();
    }
}
