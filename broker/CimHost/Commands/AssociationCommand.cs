using System.CommandLine;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.Commands;

/// <summary><c>cimhost associators</c> and <c>cimhost references</c>.</summary>
internal static class AssociationCommand
{
    /// <summary>What is associated with an instance.</summary>
    public static Command CreateAssociators(ClientOptions client) => Create(
        client,
        "associators",
        "Show the instances that are associated with one.\nExample: cimhost associators 'CIM_Chassis.CreationClassName=\"OMC_Chassis\",Tag=\"1\"' --result-class CIM_ComputerSystem",
        isAssociators: true);

    /// <summary>The associations themselves.</summary>
    public static Command CreateReferences(ClientOptions client) => Create(client, "references", "Show the associations that refer to an instance.", isAssociators: false);

    private static Command Create(ClientOptions client, string name, string description, bool isAssociators)
    {
        var path = new Argument<string>("PATH") { Description = "Path of the instance." };
        var names = new Option<bool>("--names") { Description = "Only the paths." };
        var association = new Option<string?>("--association") { Description = "Only through this association class.", HelpName = "CLASS" };
        var resultClass = new Option<string?>("--result-class") { Description = "Only instances of this class.", HelpName = "CLASS" };
        var role = new Option<string?>("--role") { Description = "Property of the association that refers to the instance.", HelpName = "PROPERTY" };
        var resultRole = new Option<string?>("--result-role") { Description = "Property of the association that refers to the result.", HelpName = "PROPERTY" };
        Option<string[]> properties = EnumerateCommand.Properties();
        Command command = client.AddTo(new Command(name, description));
        command.Add(path);
        Option[] options = isAssociators ? [names, properties, association, resultClass, role, resultRole] : [names, properties, association, role];
        foreach (Option option in options)
        {
            command.Add(option);
        }

        command.SetAction((parsed, token) =>
        {
            var ends = new CimAssociationOptions { AssociationClass = parsed.GetValue(association), Role = parsed.GetValue(role) };
            if (isAssociators)
            {
                ends = ends with { ResultClass = parsed.GetValue(resultClass), ResultRole = parsed.GetValue(resultRole) };
            }

            CimInstanceOptions shape = EnumerateCommand.Options(parsed.GetValue(properties));
            string source = parsed.GetRequiredValue(path);
            bool namesOnly = parsed.GetValue(names);
            return CommandContext.RunAsync(parsed, client, (context, cancel) => RunAsync(context, source, ends, shape, namesOnly, isAssociators, cancel), token);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string text, CimAssociationOptions ends, CimInstanceOptions shape, bool namesOnly, bool isAssociators, CancellationToken cancellationToken)
    {
        CimObjectPath path = CommandContext.Path(text);
        string ns = context.NamespaceOf(path);
        ICimOperations session = context.Session;
        if (namesOnly)
        {
            await InstanceView.ShowAsync(context, isAssociators ? session.AssociatorNamesAsync(ns, path, ends, cancellationToken) : session.ReferenceNamesAsync(ns, path, ends, cancellationToken));
        }
        else
        {
            await InstanceView.ShowAsync(context, isAssociators ? session.AssociatorsAsync(ns, path, ends, shape, cancellationToken) : session.ReferencesAsync(ns, path, ends, shape, cancellationToken));
        }

        return ExitCode.Success;
    }
}
