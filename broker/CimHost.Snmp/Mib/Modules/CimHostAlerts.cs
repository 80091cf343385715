using CimHost.Alerts;
using CimHost.Snmp.Mib.Definition;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Modules;

/// <summary>The alert table of CIMHOST-MIB, whose columns are also the variables of its notifications.</summary>
internal static class CimHostAlerts
{
    private static readonly MibSyntax s_severity = MibSyntax.Enumeration(("unknown", 0), ("other", 1), ("information", 2), ("degraded", 3), ("minor", 4), ("major", 5), ("critical", 6), ("fatal", 7));
    private static readonly MibSyntax s_kind = MibSyntax.Enumeration(("threshold", 1), ("state", 2), ("communication", 3), ("log", 4), ("summary", 5), ("test", 6));
    private static readonly MibSyntax s_event = MibSyntax.Enumeration(("raised", 1), ("changed", 2), ("repeated", 3), ("cleared", 4));

    private static readonly (AlertColumn Column, MibSyntax Syntax, string Text)[] s_columns =
    [
        (AlertColumn.Severity, s_severity, "How bad it is now; of a cleared alert, how bad it last was."),
        (AlertColumn.Kind, s_kind, "What it is about."),
        (AlertColumn.Source, MibSyntax.AdminString, "Path of the CIM instance of the device or sensor; empty when it is about none."),
        (AlertColumn.SourceName, MibSyntax.AdminString, "Name of the device or sensor."),
        (AlertColumn.Message, MibSyntax.AdminString, "One sentence for people."),
        (AlertColumn.Reading, MibSyntax.AdminString, "The reading with its units; empty when there is none."),
        (AlertColumn.Threshold, MibSyntax.AdminString, "The threshold that was crossed, with its units; empty when none was."),
        (AlertColumn.Condition, MibSyntax.AdminString, "Name of the threshold or state."),
        (AlertColumn.RaisedAt, MibSyntax.DateAndTime, "When it was noticed."),
        (AlertColumn.ClearedAt, MibSyntax.DateAndTime, "When it was over; eight octets of zero while it goes on."),
        (AlertColumn.AcknowledgedBy, MibSyntax.AdminString, "Who acknowledged it; empty when nobody did."),
        (AlertColumn.RecommendedAction, MibSyntax.AdminString, "What can be done about it."),
    ];

    /// <summary>The table.</summary>
    public static IMibNode Table(CimHostOids names)
    {
        MibTable<AlertEvent> table = new MibTable<AlertEvent>(
            new Oid([.. names.AlertEntry.Ids[..^1]]), "cimHostAlertTable", ["cimHostAlertId"], Rows, a => [unchecked((uint)a.Alert.Id)], $"The last {MachineView.MaxAlerts} alerts, open and over.")
            .Column((uint)AlertColumn.Id, "cimHostAlertId", MibSyntax.Unsigned32, _ => null, "Number of the alert on this host; the low 32 bits of it.", access: MibAccess.AccessibleForNotify)
            .Column((uint)AlertColumn.Identity, "cimHostAlertIdentity", MibSyntax.AdminString, _ => null, "Identity of the event, the same in every form in which it is sent.", access: MibAccess.AccessibleForNotify);
        foreach ((AlertColumn column, MibSyntax syntax, string text) in s_columns)
        {
            table.Column((uint)column, "cimHostAlert" + column, syntax, a => AlertVariables.ValueOf(a, column), text);
        }

        return table
            .Column((uint)AlertColumn.Correlated, "cimHostAlertCorrelated", MibSyntax.AdminString, _ => null, "Identity of the event that raised the alert; empty in that event itself.", access: MibAccess.AccessibleForNotify)
            .Column((uint)AlertColumn.EventType, "cimHostAlertEventType", s_event, _ => null, "What became of the alert.", access: MibAccess.AccessibleForNotify);
    }

    // The columns here are those of an alert; what only an event has is for notifications.
    private static IEnumerable<AlertEvent> Rows(MachineView machine) =>
        machine.Alerts.DistinctBy(a => unchecked((uint)a.Id)).Select(a => new AlertEvent(0, string.Empty, a.ClearedAt is null ? AlertEventType.Raised : AlertEventType.Cleared, a.RaisedAt, a, string.Empty));
}
