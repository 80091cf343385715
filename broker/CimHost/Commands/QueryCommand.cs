using System.CommandLine;
using CimHost.Sdk.Cim;

namespace CimHost.Commands;

/// <summary><c>cimhost query</c>.</summary>
internal static class QueryCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var query = new Argument<string>("QUERY") { Description = "The query, in quotes." };
        var language = new Option<string>("--language") { Description = "Query language.", DefaultValueFactory = static _ => "WQL" };
        language.AcceptOnlyFromAmong("WQL", "DMTF:CQL");
        Command command = client.AddTo(new Command(
            "query",
            "Select instances.\nExample: cimhost query 'SELECT ElementName, CurrentReading FROM CIM_NumericSensor WHERE SensorType = 2'"));
        command.Add(query);
        command.Add(language);
        command.SetAction((parsed, token) => CommandContext.RunAsync(parsed, client, (context, cancel) => RunAsync(context, parsed.GetRequiredValue(language), parsed.GetRequiredValue(query), cancel), token));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string language, string query, CancellationToken cancellationToken)
    {
        IAsyncEnumerable<CimInstance> instances = context.Session.QueryInstancesAsync(context.Namespace, language, query, cancellationToken);
        await InstanceView.ShowAsync(context, instances);
        return ExitCode.Success;
    }
}
