using System.Reflection;

namespace CodexSales.Rx.Tests.Cases;

/// <summary>Null from any member of any port is an error of that port, told with the names of both.</summary>
public sealed class NullFromPortsTests
{
    private readonly VirtualTime _time = new();
    private readonly List<Exception> _heard = [];

    /// <summary>Every member that a pipeline uses and that can give null, or something with null in it.</summary>
    public static TheoryData<string, string> Nulls { get; } = new(
        from port in new[] { typeof(IMarket), typeof(ISlotStorage), typeof(IProver), typeof(ISalesStore) }
        from member in port.GetMethods()
        where !member.ReturnType.IsValueType && member.Name != nameof(ISalesStore.ReadHistoryAsync)
        from how in HowOf(member.ReturnType)
        select ($"{port.Name}.{member.Name.Replace("get_", "", StringComparison.Ordinal)}", how));

    [Theory]
    [MemberData(nameof(Nulls))]
    public void Null_is_told_with_the_names_of_port_and_member(string member, string how)
    {
        using var chain = new SimulatedChain(_time);
        var storage = new SimulatedStorage(_time);
        Sell(chain, storage, "", "", TimeSpan.FromMinutes(10)); // What is hosted then, the next pipeline learns from the chain.

        Sell(chain, storage, member, how, TimeSpan.FromHours(4));

        Assert.Contains(_heard, error => error.Message.StartsWith($"{member} ", StringComparison.Ordinal));
        Assert.DoesNotContain(_heard, error => error is NullReferenceException or ArgumentNullException);
    }

    private static IEnumerable<string> HowOf(Type given)
    {
        yield return "null";
        if (given == typeof(IObservable<MarketEvent>) || given.IsGenericType && given.GetGenericTypeDefinition() == typeof(Task<>))
        {
            yield return "null inside";
        }

        if (given == typeof(Task<IReadOnlyList<HostedSlot>>))
        {
            yield return "null in a list";
        }
    }

    private void Sell(SimulatedChain chain, SimulatedStorage storage, string member, string how, TimeSpan span)
    {
        try
        {
            using var pipeline = new SalesPipeline(
                NullPort<IMarket>.Over(chain.ConnectHost(SalesFixture.Us), member, how),
                NullPort<ISlotStorage>.Over(storage, member, how),
                NullPort<IProver>.Over(new SimulatedProver(_time), member, how),
                new SalesPipelineOptions { Workers = 1 },
                _time,
                NullPort<ISalesStore>.Over(new MemorySalesStore(), member, how));
            pipeline.Troubles.Subscribe(trouble => _heard.Add(trouble.Error));
            pipeline.Steps.Subscribe(_ => { }, _heard.Add);
            _ = pipeline.StartAsync();
            _ = pipeline.Availabilities.SaveAsync(SalesFixture.Offer());
            chain.RequestStorage(
                SalesFixture.Ask(price: 2, durationSeconds: 7_200) with { ProofProbability = 1 }, expirySeconds: 3_600);
            _time.AdvanceBy(span);
        }
        catch (SalesStoreException unreadable)
        {
            _heard.Add(unreadable);
        }
    }

    /// <summary>A port of which one member gives null.</summary>
#pragma warning disable CA1852 // What is made of it at run time derives from it.
    internal class NullPort<T> : DispatchProxy
#pragma warning restore CA1852
        where T : class
    {
        private T _port = null!;
        private string _member = "";
        private string _how = "";

        public static T Over(T port, string member, string how)
        {
            var proxy = Create<T, NullPort<T>>();
            ((NullPort<T>)(object)proxy)._port = port;
            (((NullPort<T>)(object)proxy)._member, ((NullPort<T>)(object)proxy)._how) = (member, how);
            return proxy;
        }

        protected override object? Invoke(MethodInfo? called, object?[]? arguments) =>
            $"{typeof(T).Name}.{called!.Name.Replace("get_", "", StringComparison.Ordinal)}" != _member ? called.Invoke(_port, arguments)
            : _how switch
            {
                "null" => null,
                "null inside" when called.ReturnType == typeof(IObservable<MarketEvent>) =>
                    Observable.Return<MarketEvent>(null!),
                "null inside" => FromResult(called.ReturnType.GetGenericArguments()[0], null),
                _ => Task.FromResult<IReadOnlyList<HostedSlot>>([null!]),
            };

        private static object? FromResult(Type of, object? answer) =>
            typeof(Task).GetMethod(nameof(Task.FromResult))!.MakeGenericMethod(of).Invoke(null, [answer]);
    }
}
