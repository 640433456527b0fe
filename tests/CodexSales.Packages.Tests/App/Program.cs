using System.Reactive.Linq;
using CodexSales.Rx.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales")).UseSimulatedMarket();
var app = builder.Build();
app.MapHealthChecks("/health");
app.MapGet("/first", async (ISalesHost host) => $"{await host.Steps.FirstAsync()}");
await app.RunAsync();
