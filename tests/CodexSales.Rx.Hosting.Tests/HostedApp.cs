using System.Collections.Concurrent;
using CodexSales.Rx.Local.Tests;
using CodexSales.Rx.Ports.Market;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>An app that sells on a simulated market, in virtual time.</summary>
internal sealed class HostedApp : IDisposable
{
    private static readonly Dictionary<string, string?> _offer = new()
    {
        ["CodexSales:Availabilities:0:Id"] = "disk 1",
        ["CodexSales:Availabilities:0:TotalBytes"] = "1099511627776",
        ["CodexSales:Availabilities:0:MaxDurationSeconds"] = "2592000",
        ["CodexSales:Availabilities:0:MinPricePerBytePerSecond"] = "1",
        ["CodexSales:Availabilities:0:TotalCollateral"] = "1000000000000000",
    };

    private readonly IHost _host;

    public HostedApp(Action<CodexSalesBuilder> choose, IEnumerable<(string Key, string Value)>? settings = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        Settings = builder.Configuration;
        builder.Configuration.AddInMemoryCollection(_offer)
            .AddInMemoryCollection((settings ?? []).Select(pair => KeyValuePair.Create($"CodexSales:{pair.Key}", (string?)pair.Value)));
        builder.Logging.AddProvider(Log);
        var codex = builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales")).UseScheduler(Time);
        choose(codex);
        codex.Wrap(market => Break(market));
        _host = builder.Build();
    }

    /// <summary>What goes wrong with the market; by default nothing.</summary>
    public Func<IMarket, IMarket> Break { get; set; } = market => market;

    public SharedVirtualTime Time { get; } = new();

    public LogLines Log { get; } = new();

    public IConfigurationManager Settings { get; }

    public ISalesHost Sales => _host.Services.GetRequiredService<ISalesHost>();

    public IServiceProvider Services => _host.Services;

    /// <summary>Starts the app, on the thread of the test.</summary>
    public void Start()
    {
        Time.WaitFor(DoneAsync(_host.StartAsync()));
    }

    /// <summary>Stops the app; what it waits for comes with time.</summary>
    public void Stop(CancellationToken hurry = default)
    {
        var stop = Task.Run(() => _host.StopAsync(hurry), CancellationToken.None);
        while (!stop.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        stop.GetAwaiter().GetResult();
    }

    /// <summary>Lets time pass, and waits meanwhile for what is on its way to receivers of alerts, while time stands still.</summary>
    public void PassWithReceivers(TimeSpan span)
    {
        var end = Time.Now + span;
        do
        {
            Time.WaitFor(DoneAsync(_host.Services.GetRequiredService<SalesService>().FlushAlertsAsync()));
            Time.Advance(TimeSpan.FromSeconds(Math.Min(5, (end - Time.Now).TotalSeconds)));
        }
        while (Time.Now < end);
    }

    public void Dispose() => _host.Dispose();

    private static async Task<bool> DoneAsync(Task task)
    {
        await task;
        return true;
    }

    /// <summary>Lines that were logged.</summary>
    internal sealed class LogLines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<(LogLevel Level, int Id, string Text, Exception? Error)> _lines = [];

        public IReadOnlyList<(LogLevel Level, int Id, string Text, Exception? Error)> Of(params int[] ids) => [.. _lines.Where(line => ids.Contains(line.Id))];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue((logLevel, eventId.Id, formatter(state, exception), exception));

        public void Dispose()
        {
        }
    }
}
