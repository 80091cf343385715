using System.CommandLine;

namespace CimHost.Commands;

/// <summary><c>cimhost classes</c>.</summary>
internal static class ClassesCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var className = new Argument<string?>("CLASS") { Description = "Class whose subclasses are listed; without it, the classes that have no superclass.", Arity = ArgumentArity.ZeroOrOne };
        var deep = new Option<bool>("--deep") { Description = "Subclasses of subclasses too." };
        Command command = client.AddTo(new Command("classes", "List class names.\nExample: cimhost classes CIM_Sensor --deep (mof export shows a class whole)"));
        command.Add(className);
        command.Add(deep);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed, client, (context, cancel) => RunAsync(context, parsed.GetValue(className), parsed.GetValue(deep), cancel), token));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string? className, bool deep, CancellationToken cancellationToken)
    {
        IAsyncEnumerable<string> names = context.Session.EnumerateClassNamesAsync(context.Namespace, className, deep, cancellationToken);
        if (context.Json)
        {
            await JsonList.WriteAsync(context.Output, names, static (json, name) => json.WriteStringValue(name));
            return ExitCode.Success;
        }

        await foreach (string name in names)
        {
            await context.Output.WriteLineAsync(CellText.Printable(name));
        }

        return ExitCode.Success;
    }
}
