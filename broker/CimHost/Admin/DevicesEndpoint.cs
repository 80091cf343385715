using System.Globalization;
using System.Text.Json;
using CimHost.Endpoints.Admin;
using CimHost.Endpoints.CimXml;
using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io;
using CimHost.VmKernel.Devices.Io.Statistics;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.Admin;

/// <summary>
/// Devices: <c>POST /admin/devices/list</c>, <c>/detach</c> and <c>/attach</c> with a <see cref="ServiceRequest"/> that names the device.
/// </summary>
internal sealed partial class DevicesEndpoint(DeviceRegistry devices, Authorizer authorizer, ILogger<DevicesEndpoint> logger) : IAdminRoute
{
    /// <summary>Where the paths begin.</summary>
    public const string Prefix = "/admin/devices/";

    /// <inheritdoc/>
    public bool IsPath(PathString path) => path.Value?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context, CimCaller caller)
    {
        if (await AdminHttp.ReadCommandAsync(context, WorldJson.Default.ServiceRequest) is not { } request)
        {
            return;
        }

        string command = context.Request.Path.Value![Prefix.Length..];
        if (!await AdminHttp.MayAsync(context, caller, authorizer, command == "list" ? Privilege.SystemRead : Privilege.HostConfigSettings))
        {
            return;
        }

        switch (command)
        {
            case "list":
                await AdminHttp.AnswerAsync(context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes([.. devices.Devices.Select(Row)], WorldJson.Default.ListDeviceRow));
                break;
            case "detach" or "attach":
                await ChangeAsync(context, caller, command, request.Name);
                break;
            default:
                await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status404NotFound, null, $"There is no command {command}.");
                break;
        }
    }

    private async Task ChangeAsync(HttpContext context, CimCaller caller, string command, string name)
    {
        bool done = devices.Devices.FirstOrDefault(d => d.Id.ToString() == name) is { } device
            && (command == "detach" ? await devices.DetachAsync(device.Id) : await devices.AttachAsync(device.Id));
        LogChange(caller.UserName, command, name, done);
        var answer = new AdminAnswer(done, done ? $"Device {name} is {command}ed." : $"There is no device {name}, or it is {command}ed already.");
        await AdminHttp.AnswerAsync(
            context, done ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, JsonSerializer.SerializeToUtf8Bytes(answer, WorldJson.Default.AdminAnswer));
    }

    private static DeviceRow Row(Device device)
    {
        DeviceStatistics statistics = device.GetStatistics();
        return new DeviceRow(
            device.Id.ToString(), device.Node, device.DriverName, device.Description, device.State.ToString(), device.Since.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            device.Reason, Row(statistics.Total), statistics.Worlds.ToDictionary(w => w.Key, w => Row(w.Value)));
    }

    private static IoRow Row(IoStatistics s) => new(
        s.Requests, s.Succeeded, s.Bytes, Enum.GetValues<HardwareFault>().Where(f => s.ErrorsOf(f) > 0).ToDictionary(f => f.ToString(), s.ErrorsOf), s.Timeouts, s.Aborts, s.Retries, s.Refused,
        s.Cancelled, s.Queued, s.InFlight, s.MostInFlight, s.Overdue, (long)s.ServiceTime.Mean.TotalMicroseconds,
        (long)Math.Min(s.ServiceTime.Quantile(0.99).TotalMicroseconds, long.MaxValue / 2), s.ServiceTime.Counts, s.QueueTime.Counts);

    [LoggerMessage(5021, LogLevel.Information, "{User}: {Command} device {Name}: {Done}")]
    private partial void LogChange(string user, string command, string name, bool done);
}
