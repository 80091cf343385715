using System.Text.Json;
using CimHost.Endpoints.Admin;
using CimHost.Endpoints.CimXml;
using CimHost.ObjectManager.Dispatch;
using CimHost.VmKernel.Devices.Emulation.Live;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.Admin;

/// <summary>
/// The hardware of an emulated or captured machine: <c>POST /admin/hardware/list</c>, <c>/set</c>, <c>/fault</c> and <c>/clear</c> with a <see cref="HardwareRequest"/>.
/// The list is JSON, changes are answered with an <see cref="AdminAnswer"/>: 200 done, 422 refused, which is also what a host gets that
/// plays no machine.
/// </summary>
internal sealed partial class HardwareEndpoint(LiveHardware? hardware, Authorizer authorizer, ILogger<HardwareEndpoint> logger) : IAdminRoute
{
    /// <summary>Where the paths begin.</summary>
    public const string Prefix = "/admin/hardware/";

    /// <summary>Ways to break a part, as the command line writes them.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Enum.GetNames<BreakKind>().Select(n => n.ToLowerInvariant())];

    /// <inheritdoc/>
    public bool IsPath(PathString path) => path.Value?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context, CimCaller caller)
    {
        if (await AdminHttp.ReadCommandAsync(context, HardwareJson.Default.HardwareRequest) is not { } request)
        {
            return;
        }

        string command = context.Request.Path.Value![Prefix.Length..];
        if (!await AdminHttp.MayAsync(context, caller, authorizer, command == "list" ? Privilege.SystemRead : Privilege.HostConfigSettings))
        {
            return;
        }

        try
        {
            LiveHardware machine = hardware ?? throw new HardwareChangeException("This host has real hardware; only an emulated or captured machine can be changed or broken on command (serve --Machine=DIRECTORY).");
            if (command == "list")
            {
                await AdminHttp.AnswerAsync(context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes([.. machine.List()], HardwareJson.Default.ListHardwareItem));
            }
            else if (command is "set" or "fault" or "clear")
            {
                string done = Change(machine, command, request);
                LogChange(caller.UserName, command, done);
                await AdminHttp.AnswerAsync(context, StatusCodes.Status200OK, Answer(true, done));
            }
            else
            {
                await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status404NotFound, null, $"There is no command {command}.");
            }
        }
        catch (HardwareChangeException e)
        {
            await AdminHttp.AnswerAsync(context, StatusCodes.Status422UnprocessableEntity, Answer(false, e.Message));
        }
    }

    private static string Change(LiveHardware machine, string command, HardwareRequest r) => command switch
    {
        "set" => machine.Set(r.Name ?? string.Empty, r.Value ?? string.Empty),
        "fault" => machine.Break(r.Name ?? string.Empty, Kind(r.Kind), Options(r)),
        _ => machine.Clear(string.IsNullOrEmpty(r.Name) ? null : r.Name),
    };

    private static BreakKind Kind(string? text) => Kinds.Contains(text) && Enum.TryParse(text, ignoreCase: true, out BreakKind kind)
        ? kind
        : throw new HardwareChangeException($"'{text}' is no way to break a part; there are {string.Join(", ", Kinds)}.");

    private static BreakOptions Options(HardwareRequest r)
    {
        var options = new BreakOptions();
        return options with
        {
            Delay = r.DelaySeconds is { } seconds ? Delay(seconds) : options.Delay,
            Keep = r.Keep ?? options.Keep,
            Offset = r.Offset ?? options.Offset,
            Count = r.Count,
        };
    }

    private static TimeSpan Delay(double seconds) =>
        seconds is >= 0 and <= 3600 ? TimeSpan.FromSeconds(seconds) : throw new HardwareChangeException($"A delay is from 0 to 3600 seconds, not {seconds}.");

    private static byte[] Answer(bool success, string message) => JsonSerializer.SerializeToUtf8Bytes(new AdminAnswer(success, message), WorldJson.Default.AdminAnswer);

    [LoggerMessage(5031, LogLevel.Information, "{User}: hardware {Command}: {Done}")]
    private partial void LogChange(string user, string command, string done);
}
