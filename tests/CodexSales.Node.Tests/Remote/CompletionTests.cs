using static CodexSales.Node.Tests.CommandRun;

namespace CodexSales.Node.Tests.Remote;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("bash", "complete -F _codexsales codexsales")]
    [InlineData("zsh", "compdef _codexsales codexsales")]
    [InlineData("fish", "complete -c codexsales")]
    public async Task Each_shell_gets_a_script_that_asks_the_program(string shell, string line)
    {
        var script = await OfAsync("completion", shell);

        Assert.Equal((0, ""), (script.ExitCode, script.Error));
        Assert.Contains(script.Lines, each => each.StartsWith(line, StringComparison.Ordinal));
        Assert.Contains("[suggest:", script.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("st", "status")]
    [InlineData("availability ", "drain")]
    [InlineData("history --re", "--reason")]
    public async Task The_program_says_what_may_follow(string typed, string expected)
    {
        var said = await OfAsync($"[suggest:{typed.Length}]", typed);

        Assert.Equal((0, ""), (said.ExitCode, said.Error));
        Assert.Contains(expected, said.Lines);
    }
}
