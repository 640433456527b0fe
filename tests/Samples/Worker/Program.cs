using CodexSales.Rx.Hosting;
using CodexSales.Rx.Selling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales")).UseSimulatedMarket();
using var host = builder.Build();
var sales = host.Services.GetRequiredService<ISalesHost>();
using var ends = sales.Steps.Ended().Subscribe(step => Console.WriteLine($"{step.Sale.Slot}: {step.End!.Reason}, earned {step.End.Earned}"));
await host.RunAsync();
