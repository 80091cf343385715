using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using CimHost.Admin;
using CimHost.Alerts;

namespace CimHost.Commands;

/// <summary><c>cimhost alerts</c>.</summary>
internal static class AlertsCommand
{
    private const string Prefix = AlertsEndpoint.Prefix;

    /// <summary>The commands.</summary>
    public static Command Create(ClientOptions client) => new("alerts", "Show what is wrong with the hardware, take note of it, and try the way to the receivers.")
    {
        List(client),
        Show(client),
        Acknowledge(client),
        Test(client),
        Receivers(client),
    };

    private static Command List(ClientOptions client)
    {
        var all = new Option<bool>("--all") { Description = "Those that are over too." };
        var count = new Option<int>("--count") { Description = "How many at most, with --all.", DefaultValueFactory = _ => 100 };
        Command command = client.AddTo(new Command("list", "Show the alerts, newest first."), hasNamespace: false);
        command.Add(all);
        command.Add(count);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AdminCalls.ListAsync(
                context, Prefix + "list", Json(new AlertRequest(All: parsed.GetValue(all), Count: parsed.GetValue(count))), AlertAdminJson.Default.ListAlert,
                [">Id", "Severity", "Kind", "Since", "Over", "Seen by", "Message"], Cells, cancel),
            token));
        return command;
    }

    private static string[] Cells(Alert a) =>
    [
        a.Id.ToString(CultureInfo.InvariantCulture), a.Severity.ToString(), a.Kind.ToString(), Time(a.RaisedAt), a.ClearedAt is { } cleared ? Time(cleared) : "-", a.AcknowledgedBy,
        a.Consequences.Count == 0 ? a.Message : $"{a.Message} (with it: {string.Join(", ", a.Consequences)})",
    ];

    private static Command Show(ClientOptions client)
    {
        Argument<long> id = Id();
        Command command = client.AddTo(new Command("show", "Show one alert with its history."), hasNamespace: false);
        command.Add(id);
        command.SetAction((parsed, token) => CommandContext.RunAsync(parsed, client, (context, cancel) => ShowAsync(context, parsed.GetValue(id), cancel), token));
        return command;
    }

    private static async Task<int> ShowAsync(CommandContext context, long id, CancellationToken cancellationToken)
    {
        (HttpStatusCode status, string text) = await AdminCalls.PostAsync(context, Prefix + "show", Json(new AlertRequest(id)), cancellationToken);
        if (status != HttpStatusCode.OK)
        {
            return await AdminCalls.FailAsync(context, status, text);
        }

        if (context.Json)
        {
            await context.Output.WriteLineAsync(text);
            return ExitCode.Success;
        }

        AlertHistory history = AdminCalls.Read(context, text, AlertAdminJson.Default.AlertHistory);
        Alert a = history.Alert;
        var table = new TextTable("Property", "Value");
        foreach ((string name, string value) in new[]
        {
            ("Id", a.Id.ToString(CultureInfo.InvariantCulture)), ("Severity", a.Severity.ToString()), ("Kind", a.Kind.ToString()), ("Message", a.Message), ("Device", a.SourceName), ("Path", a.Source),
            ("Condition", a.Condition), ("Reading", Number(a.Reading, a.Units)), ("Threshold", Number(a.Threshold, a.Units)), ("Since", Time(a.RaisedAt)),
            ("Over", a.ClearedAt is { } cleared ? Time(cleared) : string.Empty), ("Acknowledged", a.AcknowledgedAt is { } at ? $"{Time(at)} by {a.AcknowledgedBy}" : string.Empty),
            ("With it", string.Join(", ", a.Consequences)), ("To do", a.RecommendedAction),
        })
        {
            if (value.Length > 0)
            {
                table.Add(name, CellText.Printable(value));
            }
        }

        table.Write(context.Console);
        var events = new TextTable("Time", "Event", "Severity", "Identity", "Message");
        foreach (AlertEvent e in history.Events)
        {
            events.Add(Time(e.Time), e.Type.ToString(), e.Alert.Severity.ToString(), e.Identity, CellText.Printable(e.Alert.Message));
        }

        events.Write(context.Console);
        return ExitCode.Success;
    }

    private static Command Acknowledge(ClientOptions client)
    {
        Argument<long> id = Id();
        Command command = client.AddTo(
            new Command("ack", "Take note of an alert: it is not repeated. An alert that nothing else ends (an entry of a log, a device that was taken away) is closed by it."), hasNamespace: false);
        command.Add(id);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed, client, (context, cancel) => AdminCalls.ChangeAsync(context, Prefix + "ack", Json(new AlertRequest(parsed.GetValue(id))), cancel), token));
        return command;
    }

    private static Command Test(ClientOptions client)
    {
        var message = new Option<string?>("--message") { Description = "Its text." };
        var severity = new Option<PerceivedSeverity>("--severity") { Description = "Its severity.", DefaultValueFactory = _ => PerceivedSeverity.Information };
        Command command = client.AddTo(new Command("test", "Send an alert that is none to every receiver.\nExample: cimhost alerts test --severity Critical"), hasNamespace: false);
        command.Add(message);
        command.Add(severity);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AdminCalls.ChangeAsync(context, Prefix + "test", Json(new AlertRequest(Message: parsed.GetValue(message), Severity: parsed.GetValue(severity))), cancel),
            token));
        return command;
    }

    private static Command Receivers(ClientOptions client)
    {
        Command command = client.AddTo(new Command("receivers", "Show whether the receivers get the alerts, and if not, why."), hasNamespace: false);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AdminCalls.ListAsync(
                context, Prefix + "receivers", Json(new AlertRequest()), AlertAdminJson.Default.ListReceiverRow,
                ["Name", ">Delivered", ">Waiting", ">Lost", "Failing since", "Why"],
                r => [r.Name, Whole(r.Delivered), Whole(r.Waiting), Whole(r.Lost), r.FailingSince is { } since ? Time(since) : "-", r.Failure],
                cancel),
            token));
        return command;
    }

    private static Argument<long> Id() => new("ID") { Description = "Number of the alert." };

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double? value, string units) => value is { } v ? $"{v.ToString(CultureInfo.InvariantCulture)} {units}" : string.Empty;

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static byte[] Json(AlertRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, AlertAdminJson.Default.AlertRequest);
}
