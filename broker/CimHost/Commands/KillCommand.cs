using System.CommandLine;
using System.Text.Json;
using CimHost.Admin;

namespace CimHost.Commands;

/// <summary><c>cimhost kill</c>.</summary>
internal static class KillCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var world = new Argument<int>("WORLD") { Description = "World id, as cimhost top shows it." };
        var signal = new Option<string>("--signal", "-s") { Description = "Signal without SIG.", DefaultValueFactory = _ => "TERM", HelpName = "SIGNAL" };
        signal.CompletionSources.Add("HUP", "INT", "QUIT", "KILL", "USR1", "USR2", "PIPE", "ALRM", "TERM", "CHLD", "CONT", "STOP");
        Command command = client.AddTo(
            new Command("kill", "Send a signal to a user world. A service that ends by it is started again by init; to stop one, use cimhost service stop.\nExample: cimhost kill 7 --signal KILL"),
            hasNamespace: false);
        command.Add(world);
        command.Add(signal);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AdminCalls.ChangeAsync(
                context,
                WorldsEndpoint.Prefix + "kill",
                JsonSerializer.SerializeToUtf8Bytes(new KillRequest(parsed.GetRequiredValue(world), parsed.GetRequiredValue(signal)), WorldJson.Default.KillRequest),
                cancel),
            token));
        return command;
    }
}
