using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CimHost.Admin;

namespace CimHost.Commands;

/// <summary><c>cimhost device</c>.</summary>
internal static class DeviceCommand
{
    /// <summary>The commands.</summary>
    public static Command Create(ClientOptions client) => new("device", "Show the devices of the I/O stack with their statistics, detach and attach them.")
    {
        List(client),
        Change(client, "detach", "Take a device away from the worlds that use it, as if it were pulled out."),
        Change(client, "attach", "Give a device back that was detached."),
    };

    private static Command List(ClientOptions client)
    {
        Command command = client.AddTo(
            new Command("list", "Show the devices, and what became of the requests to them. With --json also per world and with histograms of latency."), hasNamespace: false);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AdminCalls.ListAsync(
                context, DevicesEndpoint.Prefix + "list", Json(string.Empty), WorldJson.Default.ListDeviceRow,
                ["Device", "Driver", "State", ">Requests", ">Errors", ">Timeouts", ">Retries", ">Now", ">Mean us", ">P99 us", "Description"], Cells, cancel),
            token));
        return command;
    }

    private static string[] Cells(DeviceRow r) =>
    [
        r.Id, r.Driver, r.State, Number(r.Total.Requests), Number(r.Total.Errors.Values.Sum()), Number(r.Total.Timeouts), Number(r.Total.Retries),
        Number(r.Total.InFlight + r.Total.Queued), Number(r.Total.MeanMicroseconds), Number(r.Total.P99Microseconds), r.Reason is null ? r.Description : $"{r.Description} ({r.Reason})",
    ];

    private static Command Change(ClientOptions client, string verb, string description)
    {
        var name = new Argument<string>("DEVICE") { Description = "Device, as cimhost device list shows it." };
        Command command = client.AddTo(new Command(verb, description), hasNamespace: false);
        command.Add(name);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed, client, (context, cancel) => AdminCalls.ChangeAsync(context, DevicesEndpoint.Prefix + verb, Json(parsed.GetRequiredValue(name)), cancel), token));
        return command;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static byte[] Json(string name) => JsonSerializer.SerializeToUtf8Bytes(new ServiceRequest(name), WorldJson.Default.ServiceRequest);
}
