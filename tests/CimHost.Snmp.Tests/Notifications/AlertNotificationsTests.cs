using CimHost.Alerts;
using CimHost.Snmp.Mib;
using CimHost.Snmp.Notifications;

namespace CimHost.Snmp.Tests.Notifications;

/// <summary>Which notifications tell of an alert, and what VMware's say.</summary>
public sealed class AlertNotificationsTests
{
    private const string VMwareNotifications = "1.3.6.1.4.1.6876.4.1.0";
    private const string VMwareEntry = "1.3.6.1.4.1.6876.4.20.3.1";

    [Theory]
    [InlineData("OMC_PowerSupply", "", AlertEventType.Raised, 410)]
    [InlineData("OMC_PowerSupply", "", AlertEventType.Cleared, 411)]
    [InlineData("CIM_Fan", "", AlertEventType.Changed, 420)]
    [InlineData("OMC_NumericSensor", "RPM", AlertEventType.Cleared, 421)]
    [InlineData("CimHost_Processor", "", AlertEventType.Raised, 430)]
    [InlineData("CimHost_PhysicalMemory", "", AlertEventType.Raised, 400)]
    [InlineData("OMC_NumericSensor", "degrees C", AlertEventType.Raised, 301)]
    [InlineData("CimHost_AtaDrive", "", AlertEventType.Cleared, 301)]
    public void VMware_has_one_for_each_kind_of_part(string sourceClass, string units, AlertEventType type, uint number) =>
        Assert.Equal(Oid.Parse($"{VMwareNotifications}.{number}"), Assert.Single(Of(EsxiNotifications.VMware, Event(sourceClass, units, type))).Name);

    [Fact]
    public void The_variables_are_those_of_the_MIB_in_its_order()
    {
        AlertEvent alert = Event("OMC_Fan", "RPM", AlertEventType.Raised);
        Notification fan = Assert.Single(Of(EsxiNotifications.VMware, alert));
        Assert.Equal([$"{VMwareEntry}.7.5", $"{VMwareEntry}.5.5", $"{VMwareEntry}.4.5"], fan.Variables.Select(v => v.Name.ToString()));
        Assert.Equal((SnmpValue.Integer(0), SnmpValue.Text("It is broken")), (fan.Variables[0].Value, fan.Variables[2].Value));
        Assert.Equal("07EA010203040500" + "2B0000", Convert.ToHexString(fan.Variables[1].Value.Octets.Span));
        Notification other = Assert.Single(Of(EsxiNotifications.VMware, Event("OMC_NumericSensor", "degrees C", AlertEventType.Raised)));
        Assert.Equal([$"{VMwareEntry}.2.5", $"{VMwareEntry}.3.5", $"{VMwareEntry}.4.5", $"{VMwareEntry}.5.5"], other.Variables.Select(v => v.Name.ToString()));
        Assert.Equal((SnmpValue.Integer(8), SnmpValue.Integer(4)), (other.Variables[0].Value, other.Variables[1].Value));
    }

    [Fact]
    public void Both_one_or_the_other_as_configured_and_only_ours_when_nobody_wants_ESXi()
    {
        AlertEvent alert = Event("OMC_Fan", "RPM", AlertEventType.Raised);
        Oid own = CimHostOids.Default.AlertRaised, vmware = Oid.Parse(VMwareNotifications + ".420");
        Assert.Equal([own, vmware], Of(EsxiNotifications.Both, alert).Select(n => n.Name));
        Assert.Equal([own], Of(EsxiNotifications.CimHost, alert).Select(n => n.Name));
        Assert.Equal([own], new AlertNotifications(CimHostOids.Default, new EsxiOptions { Notifications = EsxiNotifications.VMware }).Of(alert).Select(n => n.Name));
    }

    [Theory]
    [InlineData(PerceivedSeverity.Unknown, 1)]
    [InlineData(PerceivedSeverity.Information, 2)]
    [InlineData(PerceivedSeverity.Minor, 3)]
    [InlineData(PerceivedSeverity.Critical, 4)]
    [InlineData(PerceivedSeverity.Fatal, 5)]
    public void The_status_is_that_of_the_severity_and_normal_again_when_it_is_over(PerceivedSeverity severity, int status)
    {
        Alert alert = Event("OMC_Fan", "RPM", AlertEventType.Raised).Alert with { Severity = severity };
        Assert.Equal(status, VMwareEvent.StatusOf(alert));
        Assert.Equal(2, VMwareEvent.StatusOf(alert with { ClearedAt = alert.RaisedAt }));
    }

    [Fact]
    public void Rows_are_numbered_within_the_range_of_the_MIB()
    {
        Alert alert = Event("OMC_Fan", "RPM", AlertEventType.Raised).Alert;
        Assert.Equal([1u, 65_535u, 1u], new long[] { 1, 65_535, 65_536 }.Select(id => VMwareEvent.IndexOf(alert with { Id = id })));
    }

    private static IReadOnlyList<Notification> Of(EsxiNotifications which, AlertEvent alert) =>
        new AlertNotifications(CimHostOids.Default, new EsxiOptions { Enabled = true, Notifications = which }).Of(alert);

    private static AlertEvent Event(string sourceClass, string units, AlertEventType type)
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var alert = new Alert
        {
            Id = 5,
            Key = "key",
            Kind = AlertKind.State,
            Severity = PerceivedSeverity.Critical,
            Source = "source",
            SourceClass = sourceClass,
            SourceName = "part",
            Message = "It is broken",
            Units = units,
            RaisedAt = at,
            ClearedAt = type == AlertEventType.Cleared ? at : null,
        };
        return new AlertEvent(1, "urn:uuid:1", type, at, alert, string.Empty);
    }
}
