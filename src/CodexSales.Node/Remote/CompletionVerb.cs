using System.CommandLine;
using CodexSales.Node.Cli;

namespace CodexSales.Node.Remote;

/// <summary>"completion": the script by which a shell completes what is typed. It asks the program itself.</summary>
internal static class CompletionVerb
{
    // Without the program's name, whatever that is on this machine.
    private const string Bash = """
        _codexsales() {
          local rest="${COMP_LINE#* }" IFS=$'\n'
          local point=$(( COMP_POINT - ${#COMP_LINE} + ${#rest} ))
          COMPREPLY=( $(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$point]" "$rest" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}") )
        }
        complete -F _codexsales codexsales
        """;

    private const string Zsh = """
        #compdef codexsales
        _codexsales() {
          local rest="${BUFFER#* }"
          local -a found
          found=("${(@f)$("${words[1]}" "[suggest:$(( CURSOR - ${#BUFFER} + ${#rest} ))]" "$rest" 2>/dev/null)}")
          compadd -- "${found[@]}"
        }
        compdef _codexsales codexsales
        """;

    private const string Fish = """
        function __codexsales
          set -l rest (string replace -r '^\S+\s*' '' -- (commandline -cp))
          codexsales "[suggest:"(string length -- "$rest")"]" "$rest" 2>/dev/null
        end
        complete -c codexsales -f -a '(__codexsales)'
        """;

    public static Command Make(CliEnvironment environment) => new("completion", "Tells the script that has a shell complete what is typed")
    {
        MakeOne(environment, "bash", "For bash: source <(codexsales completion bash)", Bash),
        MakeOne(environment, "zsh", "For zsh, after compinit: source <(codexsales completion zsh)", Zsh),
        MakeOne(environment, "fish", "For fish: codexsales completion fish | source", Fish),
    };

    private static Command MakeOne(CliEnvironment environment, string shell, string what, string script)
    {
        var command = new Command(shell, what);
        command.SetAction(_ => environment.Output.WriteLine(script));
        return command;
    }
}
