using System.CommandLine;

namespace CimHost.Commands;

/// <summary><c>cimhost completion</c>: scripts that let a shell ask the command itself how a line may go on ([suggest] directive).</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # cimhost completion bash > /etc/bash_completion.d/cimhost
        _cimhost() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(cimhost "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _cimhost cimhost

        """;

    private const string Zsh = """
        #compdef cimhost
        # cimhost completion zsh > "${fpath[1]}/_cimhost"
        _cimhost() {
            local -a words_found
            words_found=("${(@f)$(cimhost "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -- $words_found
        }
        compdef _cimhost cimhost

        """;

    private const string Fish = """
        # cimhost completion fish > ~/.config/fish/completions/cimhost.fish
        complete -c cimhost -f -a '(cimhost "[suggest:"(commandline -C)"]" (commandline -p) 2>/dev/null)'

        """;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script that completes cimhost's commands in a shell.\nExample: cimhost completion bash > /etc/bash_completion.d/cimhost");
        command.Add(shell);
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(parsed.GetRequiredValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        }));
        return command;
    }
}
