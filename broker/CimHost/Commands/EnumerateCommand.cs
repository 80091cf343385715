using System.CommandLine;
using CimHost.Sdk.Operations;

namespace CimHost.Commands;

/// <summary><c>cimhost enumerate</c>.</summary>
internal static class EnumerateCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var className = new Argument<string>("CLASS") { Description = "Class; its subclasses are included." };
        var names = new Option<bool>("--names") { Description = "Only the paths." };
        Option<string[]> properties = Properties();
        Command command = client.AddTo(new Command("enumerate", "Show all instances of a class.\nExample: cimhost enumerate CIM_Fan --properties ElementName,HealthState"));
        command.Add(className);
        command.Add(names);
        command.Add(properties);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed, client, (context, cancel) => RunAsync(context, parsed.GetRequiredValue(className), parsed.GetValue(names), Options(parsed.GetValue(properties)), cancel), token));
        return command;
    }

    /// <summary>The option that picks properties.</summary>
    public static Option<string[]> Properties() => new("--properties", "-p")
    {
        Description = "Only these properties, with commas in between.",
        HelpName = "A,B,…",
        CustomParser = static result => [.. result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
    };

    /// <summary>Options of an operation for these properties; null or none: all.</summary>
    public static CimInstanceOptions Options(string[]? properties) => new() { PropertyList = properties is { Length: > 0 } ? properties : null };

    private static async Task<int> RunAsync(CommandContext context, string className, bool namesOnly, CimInstanceOptions options, CancellationToken cancellationToken)
    {
        if (namesOnly)
        {
            await InstanceView.ShowAsync(context, context.Session.EnumerateInstanceNamesAsync(context.Namespace, className, cancellationToken));
        }
        else
        {
            await InstanceView.ShowAsync(context, context.Session.EnumerateInstancesAsync(context.Namespace, className, options, cancellationToken));
        }

        return ExitCode.Success;
    }
}
