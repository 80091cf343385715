using System.Globalization;
using System.Text.Json;
using CimHost.Endpoints.Admin;
using CimHost.Endpoints.CimXml;
using CimHost.Hosting;
using CimHost.Hosting.Worlds;
using CimHost.ObjectManager.Dispatch;
using CimHost.VmKernel;
using CimHost.VmKernel.Boot.Services;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.Admin;

/// <summary>
/// Services and what worlds use: <c>POST /admin/worlds/service/VERB</c> with a <see cref="ServiceRequest"/>, <c>POST /admin/worlds/top</c>,
/// <c>POST /admin/worlds/kill</c> with a <see cref="KillRequest"/>.
/// Lists are answered with JSON, changes with an <see cref="AdminAnswer"/>: 200 done, 422 refused.
/// </summary>
internal sealed partial class WorldsEndpoint(HostWorlds worlds, Authorizer authorizer, ILogger<WorldsEndpoint> logger) : IAdminRoute
{
    /// <summary>Where the paths begin.</summary>
    public const string Prefix = "/admin/worlds/";

    /// <summary>The service that carries the local commands themselves.</summary>
    private const string OwnService = "local";

    /// <inheritdoc/>
    public bool IsPath(PathString path) => path.Value?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context, CimCaller caller)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, null, "Commands are sent with POST.");
            return;
        }

        string command = context.Request.Path.Value![Prefix.Length..];
        if (command == "kill")
        {
            await KillAsync(context, caller);
            return;
        }

        if (await AdminHttp.ReadAsync(context, WorldJson.Default.ServiceRequest) is not { } request)
        {
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status400BadRequest, null, $"The body has to be a JSON object with the fields of a command, of at most {AdminHttp.MaxRequestBytes} bytes.");
            return;
        }

        Privilege needed = command is "service/list" or "top" ? Privilege.SystemRead : Privilege.ServicesControl;
        if (!await AdminHttp.MayAsync(context, caller, authorizer, needed))
        {
            return;
        }

        if (command == "service/list")
        {
            await AdminHttp.AnswerAsync(context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes([.. worlds.Services.List().Select(Row)], WorldJson.Default.ListServiceRow));
        }
        else if (command == "top")
        {
            await AdminHttp.AnswerAsync(context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(worlds.Top(), WorldJson.Default.TopAnswer));
        }
        else if (Change(command, request, context.RequestAborted) is { } change)
        {
            await ChangeAsync(context, caller, command, request.Name, change);
        }
        else
        {
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status404NotFound, null, $"There is no command {command}.");
        }
    }

    private async Task KillAsync(HttpContext context, CimCaller caller)
    {
        if (await AdminHttp.ReadAsync(context, WorldJson.Default.KillRequest) is not { } request)
        {
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status400BadRequest, null, "The body has to be a JSON object with worldId and signal.");
        }
        else if (await AdminHttp.MayAsync(context, caller, authorizer, Privilege.ServicesControl))
        {
            string name = "SIG" + request.Signal.ToUpperInvariant();
            await ChangeAsync(context, caller, "kill " + name, request.WorldId.ToString(CultureInfo.InvariantCulture), (() => Kill(request.WorldId, name), $"{name} sent to world {request.WorldId}."));
        }
    }

    private Task Kill(int worldId, string signal)
    {
        if (!Enum.TryParse(signal, out Signal known) || known == Signal.None || !char.IsAsciiLetter(signal[3]))
        {
            throw new KernelException(Errno.EINVAL, $"There is no signal {signal}; there are {string.Join(", ", Enum.GetNames<Signal>().Where(n => n.StartsWith("SIG", StringComparison.Ordinal)).Select(n => n[3..]))}.");
        }

        worlds.Table.Signal(worldId, known);
        return Task.CompletedTask;
    }

    private static ServiceRow Row(ServiceStatus s) => new(
        s.Name, s.Description, s.State.ToString(), s.Since.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), s.Policy.ToString().ToLowerInvariant(),
        s.IsRequired, s.Requires, s.Restarts, s.Reason, s.Use?.CpuTime.TotalSeconds ?? 0, s.Use?.PeakMemoryBytes ?? 0);

    private (Func<Task> Run, string Done)? Change(string command, ServiceRequest r, CancellationToken token) => command switch
    {
        "service/start" => (() => worlds.Services.StartAsync(r.Name, token), $"Service {r.Name} runs."),
        "service/stop" => (() => StopAsync(r.Name), $"Service {r.Name} is stopped."),
        "service/restart" => (() => RestartAsync(r.Name, token), r.Name == OwnService ? $"Service {r.Name} is started again after this answer." : $"Service {r.Name} was started again."),
        "service/policy" => (() => worlds.Services.SetPolicyAsync(r.Name, Policy(r.Policy), token), $"Service {r.Name}: policy {r.Policy}."),
        _ => null,
    };

    private Task StopAsync(string name) => name == OwnService
        ? throw new ServiceException($"Service {OwnService} carries these commands and stays. Stop the host instead, or restart the service.")
        : worlds.Services.StopAsync(name);

    private Task RestartAsync(string name, CancellationToken token)
    {
        if (name != OwnService)
        {
            return worlds.Services.RestartAsync(name, token);
        }

        // It ends when the answer to this request has left.
        _ = worlds.Services.RestartAsync(name, CancellationToken.None);
        return Task.CompletedTask;
    }

    private static ServicePolicy Policy(string? text) => Enum.TryParse(text, ignoreCase: true, out ServicePolicy policy) && Enum.IsDefined(policy) && !char.IsAsciiDigit(text![0])
        ? policy
        : throw new ServiceException($"'{text}' is no policy of a service; there are on, off and automatic.");

    private async Task ChangeAsync(HttpContext context, CimCaller caller, string command, string target, (Func<Task> Run, string Done) change)
    {
        try
        {
            await change.Run();
            Changed(logger, caller.UserName, command, target);
            await AdminHttp.AnswerAsync(context, StatusCodes.Status200OK, Answer(true, change.Done));
        }
        catch (Exception e) when (e is ServiceException or KernelException)
        {
            NotChanged(logger, caller.UserName, command, target, e.Message);
            await AdminHttp.AnswerAsync(context, StatusCodes.Status422UnprocessableEntity, Answer(false, e.Message));
        }
    }

    private static byte[] Answer(bool success, string message) => JsonSerializer.SerializeToUtf8Bytes(new AdminAnswer(success, message), WorldJson.Default.AdminAnswer);

    [LoggerMessage(5011, LogLevel.Information, "{User}: {Command} {Name}")]
    private static partial void Changed(ILogger logger, string user, string command, string name);

    [LoggerMessage(5012, LogLevel.Information, "{User}: {Command} {Name} was refused: {Reason}")]
    private static partial void NotChanged(ILogger logger, string user, string command, string name, string reason);
}
