using CodexSales.Rx.Resilience;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Reads the options of the pipeline: "workers=3 queue=128".</summary>
internal static class OptionsReader
{
    private static readonly Dictionary<string, Func<SalesPipelineOptions, int, SalesPipelineOptions>> Counts = new()
    {
        ["workers"] = (options, count) => options with { Workers = count },
        ["maxWorkers"] = (options, count) => options with { MaxWorkers = count },
        ["queue"] = (options, count) => options with { QueueCapacity = count },
        ["maxRequests"] = (options, count) => options with { MaxRequests = count },
        ["seed"] = (options, count) => options with { Seed = count },
    };

    private static readonly Dictionary<string, Func<SellingOptions, TimeSpan, SellingOptions>> Times = new()
    {
        ["reserveDeadline"] = (options, time) => options with { ReserveDeadline = time },
        ["downloadDeadline"] = (options, time) => options with { DownloadDeadline = time },
        ["downloadStallDeadline"] = (options, time) => options with { DownloadStallDeadline = time },
        ["proveDeadline"] = (options, time) => options with { ProveDeadline = time },
        ["fillDeadline"] = (options, time) => options with { TransactionDeadline = time },
        ["answerDeadline"] = (options, time) => options with { AnswerDeadline = time },
        ["storageDeadline"] = (options, time) => options with { StorageDeadline = time },
        ["firstRetryDelay"] = (options, time) => options with { FirstRetryDelay = time },
        ["longestRetryDelay"] = (options, time) => options with { LongestRetryDelay = time },
        ["secondTryPause"] = (options, time) => options with { SecondTryPause = time },
    };

    public static SalesPipelineOptions Read(Fragment? text)
    {
        var options = new SalesPipelineOptions();
        foreach (var word in text?.Words() ?? [])
        {
            if (word.Cut('=') is not ({ IsEmpty: false } name, { IsEmpty: false } value))
            {
                throw word.Error($"'{word.Text}' is given, but options are written as workers=3.");
            }

            options = Counts.TryGetValue(name.Text, out var set) ? set(options, Quantities.Count(value))
                : Times.TryGetValue(name.Text, out var setTime)
                    ? options with { Selling = setTime(options.Selling, Quantities.Duration(value)) }
                : throw name.Error($"there is no option {name.Text}; "
                    + $"{string.Join(", ", Counts.Keys.Concat(Times.Keys))} are the options.");
        }

        return options;
    }
}
