using System.Text.Json;
using CimHost.Endpoints.Admin;
using CimHost.Endpoints.CimXml;
using CimHost.Hosting.Services;
using CimHost.ObjectManager.Dispatch;
using CimHost.Snmp;
using CimHost.Snmp.AgentX;
using CimHost.Snmp.Mib;
using CimHost.VmKernel.Boot.Services;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.Admin;

/// <summary>SNMP: <c>POST /admin/snmp/get</c>, <c>/walk</c>, <c>/set</c>, <c>/test</c>, <c>/targets</c>, <c>/users</c> and <c>/agentx</c> with a <see cref="SnmpRequest"/>.</summary>
internal sealed class SnmpEndpoint(SnmpService service, Authorizer authorizer) : IAdminRoute
{
    /// <summary>Where the paths begin.</summary>
    public const string Prefix = "/admin/snmp/";

    /// <summary>Most variables of one answer; a walk is asked to go on after the last one.</summary>
    public const int MaxVariables = 2000;

    // The first look after a quiet time waits for the hardware that long.
    private static readonly TimeSpan s_freshen = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public bool IsPath(PathString path) => path.Value?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context, CimCaller caller)
    {
        if (await AdminHttp.ReadCommandAsync(context, SnmpJson.Default.SnmpRequest) is not { } request)
        {
            return;
        }

        string command = context.Request.Path.Value![Prefix.Length..];
        if (!await AdminHttp.MayAsync(context, caller, authorizer, command is "set" or "test" ? Privilege.HostConfigSettings : Privilege.SystemRead))
        {
            return;
        }

        try
        {
            byte[] answer = command switch
            {
                "get" => Get(await MibsAsync(context), Oids(request)),
                "walk" => Variables(Walk(await MibsAsync(context), Oids(request)[0], request.After is null ? null : Parse(request.After))),
                "set" => await SetAsync(await MibsAsync(context), request, context.RequestAborted),
                "test" => JsonSerializer.SerializeToUtf8Bytes([.. await Service().TestAsync(context.RequestAborted)], SnmpJson.Default.ListTargetResult),
                "users" => JsonSerializer.SerializeToUtf8Bytes([.. Service().Access.UserFacts], SnmpJson.Default.ListSnmpUserFacts),
                "targets" => JsonSerializer.SerializeToUtf8Bytes([.. Service().Targets], SnmpJson.Default.ListTargetState),
                "agentx" => JsonSerializer.SerializeToUtf8Bytes([AgentX()], SnmpJson.Default.ListAgentXStatus),
                _ => [],
            };
            await (answer.Length > 0
                ? AdminHttp.AnswerAsync(context, StatusCodes.Status200OK, answer)
                : CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status404NotFound, null, $"There is no command {command}."));
        }
        catch (Exception e) when (e is FormatException or ServiceException)
        {
            await AdminHttp.AnswerAsync(context, StatusCodes.Status422UnprocessableEntity, JsonSerializer.SerializeToUtf8Bytes(new AdminAnswer(false, e.Message), WorldJson.Default.AdminAnswer));
        }
    }

    private static byte[] Get(MibModel mibs, Oid[] names) => Variables(names.Select(n => new VarBind(n, mibs.Get(n))));

    private static IEnumerable<VarBind> Walk(MibModel mibs, Oid root, Oid? after)
    {
        Oid at = after ?? root;
        if (after is null && mibs.Get(root) is { Type: not (SnmpType.NoSuchObject or SnmpType.NoSuchInstance) } itself)
        {
            return [new VarBind(root, itself)];
        }

        var found = new List<VarBind>();
        while (found.Count < MaxVariables && mibs.TryGetNext(at, out VarBind next) && next.Name.StartsWith(root))
        {
            found.Add(next);
            at = next.Name;
        }

        return found;
    }

    private static async Task<byte[]> SetAsync(MibModel mibs, SnmpRequest request, CancellationToken cancellationToken)
    {
        Oid[] names = Oids(request);
        if (request.Types?.Count != names.Length || request.Values?.Count != names.Length)
        {
            throw new FormatException("Each variable to set needs a type and a value.");
        }

        VarBind[] variables = [.. names.Select((n, i) => new VarBind(n, SnmpText.Parse(request.Types[i], request.Values[i])))];
        (SnmpErrorStatus status, int index) = await mibs.SetAsync(variables, cancellationToken);
        return status == SnmpErrorStatus.NoError
            ? Variables(names.Select(n => new VarBind(n, mibs.Get(n))))
            : throw new FormatException($"{(index > 0 ? names[index - 1] : "The variables")} cannot be set so: {status}.");
    }

    private static byte[] Variables(IEnumerable<VarBind> variables) =>
        JsonSerializer.SerializeToUtf8Bytes([.. variables.Select(v => new SnmpVariable(v.Name.ToString(), v.Value.Type.ToString(), SnmpText.Format(v.Value)))], SnmpJson.Default.ListSnmpVariable);

    private static Oid[] Oids(SnmpRequest request) => request.Names is { Count: > 0 and <= MaxVariables } names
        ? [.. names.Select(Parse)]
        : throw new FormatException($"A command names 1 to {MaxVariables} variables.");

    private static Oid Parse(string? text) => Oid.TryParse(text, out Oid oid) ? oid : throw new FormatException($"'{text}' is no object identifier in dotted decimal.");

    private AgentXStatus AgentX() => Service().AgentX ?? throw new FormatException("The host is no subagent: Snmp:AgentX:Address is not configured.");

    private SnmpService Service() => service.IsOn ? service : throw new FormatException("SNMP is off: neither Endpoints:Snmp nor Snmp:AgentX:Address nor a receiver of kind Snmp (Alerts:Receivers) is configured.");

    private async Task<MibModel> MibsAsync(HttpContext context)
    {
        MibModel mibs = Service().Mibs ?? throw new FormatException("The SNMP agent does not run: neither Endpoints:Snmp nor Snmp:AgentX:Address is configured, or the service snmp is stopped.");
        await mibs.FreshenAsync(s_freshen, context.RequestAborted);
        return mibs;
    }
}
