using System.Buffers;
using System.Text.Json;

namespace CodexSales.Rx.Hosting.Alerts.Delivery;

/// <summary>What a receiver is told: that an alert has begun, or that it is over.</summary>
/// <param name="Key">The same each time that it is sent, and no other message's: by it, a receiver knows what it has had.</param>
/// <param name="Alert">The alert as it was then.</param>
internal sealed record AlertMessage(string Key, Alert Alert)
{
    /// <summary>One JSON object on one line, without its end. The README has its members.</summary>
    public byte[] ToJson()
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("key", Key);
            json.WriteString("event", Alert switch { { Until: null } => "begun", { IsDismissed: true } => "dismissed", _ => "over" });
            json.WriteNumber("id", Alert.Id);
            json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(Alert.Kind.ToString()));
            json.WriteString("severity", JsonNamingPolicy.CamelCase.ConvertName(Alert.Severity.ToString()));
            json.WriteString("subject", Alert.Subject);
            json.WriteString("sentence", Alert.Sentence);
            json.WriteNumber("count", Alert.Count);
            json.WriteString("since", Alert.Since);
            json.WriteNumber("sinceUnix", Alert.Since.ToUnixTimeSeconds());
            if (Alert.Until is { } until)
            {
                json.WriteString("until", until);
                json.WriteNumber("untilUnix", until.ToUnixTimeSeconds());
            }

            json.WriteEndObject();
        }

        return line.WrittenSpan.ToArray();
    }
}
