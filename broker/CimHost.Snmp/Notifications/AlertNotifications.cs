using CimHost.Alerts;
using CimHost.Snmp.Mib;

namespace CimHost.Snmp.Notifications;

/// <summary>What is sent of an alert's event: a notification of CIMHOST-MIB, one of VMWARE-ENV-MIB, or both.</summary>
/// <param name="names">Names of CIMHOST-MIB.</param>
/// <param name="esxi">Whether and how it is told as ESXi tells it.</param>
public sealed class AlertNotifications(CimHostOids names, EsxiOptions esxi)
{
    // VMWARE-ENV-MIB has notifications of their own for these; that of the cleared fault is the next one.
    private const uint MemoryRaised = 400;
    private const uint PowerSupplyRaised = 410;
    private const uint FanRaised = 420;
    private const uint CpuRaised = 430;

    // vmwESXEnvHardwareEvent: deprecated, and the only one that fits everything else.
    private const uint HardwareEvent = 301;

    /// <summary>Names of CIMHOST-MIB.</summary>
    public CimHostOids Names => names;

    /// <summary>Those of an event, in the order in which they are sent.</summary>
    public IReadOnlyList<Notification> Of(AlertEvent alertEvent)
    {
        ArgumentNullException.ThrowIfNull(alertEvent);
        return !esxi.Enabled || esxi.Notifications == EsxiNotifications.CimHost ? [OfCimHost(alertEvent)]
            : esxi.Notifications == EsxiNotifications.VMware ? [OfVMware(alertEvent)]
            : [OfCimHost(alertEvent), OfVMware(alertEvent)];
    }

    private Notification OfCimHost(AlertEvent alertEvent)
    {
        Oid kind = alertEvent.Type switch
        {
            AlertEventType.Cleared => names.AlertCleared,
            AlertEventType.Changed or AlertEventType.Repeated => names.AlertChanged,
            _ => names.AlertRaised,
        };
        return new Notification(kind, [.. Enum.GetValues<AlertColumn>().Select(c => new VarBind(names.Alert(c, alertEvent.Alert.Id), AlertVariables.ValueOf(alertEvent, c)))]);
    }

    private static Notification OfVMware(AlertEvent alertEvent)
    {
        Alert alert = alertEvent.Alert;
        uint? raised = VMwareEvent.SubsystemOf(alert) switch
        {
            VMwareSubsystem.Memory => MemoryRaised,
            VMwareSubsystem.PowerSupply => PowerSupplyRaised,
            VMwareSubsystem.Fan => FanRaised,
            VMwareSubsystem.Cpu => CpuRaised,
            _ => null,
        };
        VarBind Column(uint column, SnmpValue value) => new(VMwareOids.EnvironmentEntry.Append(column, VMwareEvent.IndexOf(alert)), value);
        VarBind description = Column(4, VMwareEvent.DescriptionOf(alert)), time = Column(5, VMwareEvent.TimeOf(alert));
        return raised is { } number
            ? new Notification(
                VMwareOids.Notifications.Append(alertEvent.Type == AlertEventType.Cleared ? number + 1 : number),

                // vmwEnvSelSensorNumber: 0, as alerts are of devices and not of the entries of a log.
                [Column(7, SnmpValue.Integer(0)), time, description])
            : new Notification(
                VMwareOids.Notifications.Append(HardwareEvent),
                [Column(2, SnmpValue.Integer((int)VMwareEvent.SubsystemOf(alert))), Column(3, SnmpValue.Integer(VMwareEvent.StatusOf(alert))), description, time]);
    }
}
