using System.CommandLine;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.Commands;

/// <summary><c>cimhost get</c>.</summary>
internal static class GetCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var path = new Argument<string>("PATH") { Description = "Path of the instance; enumerate --names lists them." };
        Option<string[]> properties = EnumerateCommand.Properties();
        Command command = client.AddTo(new Command("get", "Show one instance.\nExample: cimhost get 'CIM_Fan.SystemCreationClassName=\"CIM_ComputerSystem\",SystemName=\"host\",CreationClassName=\"CIM_Fan\",DeviceID=\"1\"'"));
        command.Add(path);
        command.Add(properties);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed, client, (context, cancel) => RunAsync(context, parsed.GetRequiredValue(path), EnumerateCommand.Options(parsed.GetValue(properties)), cancel), token));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string text, CimInstanceOptions options, CancellationToken cancellationToken)
    {
        CimObjectPath path = CommandContext.Path(text);
        CimInstance instance = await context.Session.GetInstanceAsync(context.NamespaceOf(path), path, options, cancellationToken);
        if (context.Json)
        {
            await context.Output.WriteLineAsync(JsonText.Write(json => JsonText.Write(json, instance)));
        }
        else
        {
            InstanceView.ShowBlock(context.Console, instance, withNulls: true);
        }

        return ExitCode.Success;
    }
}
