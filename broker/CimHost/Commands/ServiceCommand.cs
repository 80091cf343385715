using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CimHost.Admin;

namespace CimHost.Commands;

/// <summary><c>cimhost service</c>.</summary>
internal static class ServiceCommand
{
    private const string Prefix = WorldsEndpoint.Prefix + "service/";

    /// <summary>The commands.</summary>
    public static Command Create(ClientOptions client) => new("service", "Show, start and stop the services of the host, each of which is a user world.")
    {
        List(client),
        Change(client, "start", "Start a service and what it requires."),
        Change(client, "stop", "Stop a service; it is started again with the host if its policy says so."),
        Change(client, "restart", "Stop a service and start it again."),
        Policy(client),
    };

    private static Command List(ClientOptions client)
    {
        Command command = client.AddTo(new Command("list", "Show the services in starting order."), hasNamespace: false);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AdminCalls.ListAsync(
                context, Prefix + "list", Json(new ServiceRequest()), WorldJson.Default.ListServiceRow,
                ["Name", "State", "Policy", "Since", ">CPU s", ">Restarts", "Description"], Cells, cancel),
            token));
        return command;
    }

    private static string[] Cells(ServiceRow r) =>
    [
        r.Name, r.State, r.Policy, r.Since, r.CpuSeconds.ToString("0.00", CultureInfo.InvariantCulture), r.Restarts.ToString(CultureInfo.InvariantCulture),
        r.Reason is null ? r.Description : $"{r.Description} ({r.Reason})",
    ];

    private static Command Change(ClientOptions client, string verb, string description)
    {
        Argument<string> name = Name();
        Command command = client.AddTo(new Command(verb, description), hasNamespace: false);
        command.Add(name);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed, client, (context, cancel) => AdminCalls.ChangeAsync(context, Prefix + verb, Json(new ServiceRequest(parsed.GetRequiredValue(name))), cancel), token));
        return command;
    }

    private static Command Policy(ClientOptions client)
    {
        Argument<string> name = Name();
        var policy = new Argument<string>("POLICY") { Description = "on: with the host; off: only by hand; automatic: with the first service that requires it." };
        policy.CompletionSources.Add("on", "off", "automatic");
        Command command = client.AddTo(new Command("policy", "Choose when a service is started by itself. It is kept over restarts.\nExample: cimhost service policy wbem off"), hasNamespace: false);
        command.Add(name);
        command.Add(policy);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AdminCalls.ChangeAsync(context, Prefix + "policy", Json(new ServiceRequest(parsed.GetRequiredValue(name), parsed.GetRequiredValue(policy))), cancel),
            token));
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "Name of the service." };

    private static byte[] Json(ServiceRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, WorldJson.Default.ServiceRequest);
}
