using System.Text.Json;
using CimHost.Alerts;
using CimHost.Alerts.Engine;
using CimHost.Alerts.Receivers;
using CimHost.Endpoints.Admin;
using CimHost.Endpoints.CimXml;
using CimHost.ObjectManager.Dispatch;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.Admin;

/// <summary>Alerts: <c>POST /admin/alerts/list</c>, <c>/show</c>, <c>/ack</c>, <c>/test</c> and <c>/receivers</c> with an <see cref="AlertRequest"/>.</summary>
internal sealed class AlertsEndpoint(AlertEngine engine, Func<IReadOnlyList<AlertDelivery>> deliveries, Authorizer authorizer) : IAdminRoute
{
    /// <summary>Where the paths begin.</summary>
    public const string Prefix = "/admin/alerts/";

    private const int MaxCount = 10_000;

    /// <inheritdoc/>
    public bool IsPath(PathString path) => path.Value?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context, CimCaller caller)
    {
        if (await AdminHttp.ReadCommandAsync(context, AlertAdminJson.Default.AlertRequest) is not { } request)
        {
            return;
        }

        string command = context.Request.Path.Value![Prefix.Length..];
        if (!await AdminHttp.MayAsync(context, caller, authorizer, command is "ack" or "test" ? Privilege.HostConfigSettings : Privilege.SystemRead))
        {
            return;
        }

        switch (command)
        {
            case "list":
                IReadOnlyList<Alert> alerts = request.All ? engine.Latest(Math.Clamp(request.Count, 1, MaxCount)) : [.. engine.OpenAlerts.Reverse()];
                await AnswerAsync(context, JsonSerializer.SerializeToUtf8Bytes([.. alerts], AlertAdminJson.Default.ListAlert));
                break;
            case "show":
                await (engine.Find(request.Id) is { } shown
                    ? AnswerAsync(context, JsonSerializer.SerializeToUtf8Bytes(new AlertHistory(shown, [.. engine.EventsOf(request.Id)]), AlertAdminJson.Default.AlertHistory))
                    : NoneAsync(context, request.Id));
                break;
            case "ack":
                await (engine.Acknowledge(request.Id, caller.UserName.Length > 0 ? caller.UserName : "root") is { } acknowledged
                    ? SayAsync(context, acknowledged.ClearedAt is null || acknowledged.AcknowledgedAt == acknowledged.ClearedAt
                        ? $"Alert {request.Id} is acknowledged: it is not repeated{(acknowledged.ClearedAt is null ? "." : ", and it is closed.")}"
                        : $"Alert {request.Id} was over already.")
                    : NoneAsync(context, request.Id));
                break;
            case "test":
                AlertEvent told = engine.Test(request.Message is { Length: > 0 } message ? message : "Test of the alert receivers", request.Severity ?? PerceivedSeverity.Information);
                await SayAsync(context, $"Test alert {told.Alert.Id} ({told.Identity}) is on its way to {deliveries().Count} receivers and the subscriptions; see cimhost alerts receivers.");
                break;
            case "receivers":
                ReceiverRow[] rows = [.. deliveries().Select(d => new ReceiverRow(d.Name, d.Delivered, engine.LastSequence - d.Position, d.Dropped, d.Failure, d.FailingSince))];
                await AnswerAsync(context, JsonSerializer.SerializeToUtf8Bytes([.. rows], AlertAdminJson.Default.ListReceiverRow));
                break;
            default:
                await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status404NotFound, null, $"There is no command {command}.");
                break;
        }
    }

    private static Task AnswerAsync(HttpContext context, byte[] json) => AdminHttp.AnswerAsync(context, StatusCodes.Status200OK, json);

    private static Task SayAsync(HttpContext context, string text) => AnswerAsync(context, JsonSerializer.SerializeToUtf8Bytes(new AdminAnswer(true, text), WorldJson.Default.AdminAnswer));

    private static Task NoneAsync(HttpContext context, long id) => AdminHttp.AnswerAsync(
        context,
        StatusCodes.Status422UnprocessableEntity,
        JsonSerializer.SerializeToUtf8Bytes(new AdminAnswer(false, $"There is no alert {id}; cimhost alerts list --all shows those that are kept."), WorldJson.Default.AdminAnswer));
}
