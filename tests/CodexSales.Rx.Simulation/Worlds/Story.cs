using System.Globalization;
using System.Runtime.CompilerServices;

namespace CodexSales.Rx.Simulation.Worlds;

/// <summary>What happened, one aligned line an event. Written only when somebody wants to read it.</summary>
internal sealed class Story(Func<DateTimeOffset> now, bool isTold)
{
    private readonly DateTimeOffset _start = now();
    private readonly List<string> _lines = [];

    public bool IsTold => isTold;

    public IReadOnlyList<string> Lines => _lines;

    /// <param name="who">Of whom it is told: at most eight letters.</param>
    /// <param name="what">What it is about, such as a slot.</param>
    /// <param name="text">What happened.</param>
    public void Tell(string who, string what, [InterpolatedStringHandlerArgument("")] ref StoryLine text)
    {
        if (isTold)
        {
            var at = (now() - _start).ToString(@"d\.hh\:mm\:ss\.fff", CultureInfo.InvariantCulture);
            _lines.Add($"{at}  {who,-8}  {what,-8}  {text.Take()}");
        }
    }
}
