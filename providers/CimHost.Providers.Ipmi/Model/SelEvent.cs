using System.Globalization;
using System.Text;
using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Providers.Ipmi.Wire.Sel;
using CimHost.Providers.Ipmi.Wire.Sensors;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>A record of the event log with what the inventory knows of its sensor: the text, and how bad it is.</summary>
internal sealed class SelEvent
{
    private const byte PresenceOffset = 0;

    public SelEvent(SelRecord record, BmcInventory inventory)
    {
        Record = record;
        Sensor = record.IsEvent ? FindSensor(record, inventory) : null;
        Subject = record.IsEvent ? SubjectOf(record, Sensor) : record.Type == SelRecord.LinuxPanic ? "Linux kernel panic" : $"OEM record {record.Type:x2}";
        Text = record.IsEvent ? EventTexts.Find(record) : OemText(record);
    }

    public SelRecord Record { get; }

    /// <summary>The sensor that the event comes from; null when no record describes it, and for records of makers.</summary>
    public BmcSensor? Sensor { get; }

    /// <summary>Sensor type and sensor, "Temperature CPU1 Temp", as ipmitool prints it; for other records what they are.</summary>
    public string Subject { get; }

    /// <summary>What happened, "Upper Critical going high"; for other records their data in hexadecimal.</summary>
    public string Text { get; }

    /// <summary>"Asserted" or "Deasserted"; empty for records of makers, which have no direction.</summary>
    public string Direction => !Record.IsEvent ? string.Empty : Record.IsAssertion ? "Asserted" : "Deasserted";

    /// <summary>The whole line: what <c>ipmitool sel elist</c> prints behind the time.</summary>
    public string Message
    {
        get
        {
            if (!Record.IsEvent)
            {
                return Record.Type == SelRecord.LinuxPanic ? $"{Subject}: {Text}" : $"{Subject} | {Text}";
            }

            string line = $"{Subject} | {Text} | {Direction}";
            return Trigger() is { } trigger ? $"{line} | {trigger}" : line;
        }
    }

    /// <summary>
    /// CIM's PerceivedSeverity: 2 information, 3 degraded, 6 critical, 7 non-recoverable; 0 where only the maker knows. A deassertion, and a
    /// threshold passed on the way back, informs.
    /// </summary>
    public ushort PerceivedSeverity
    {
        get
        {
            if (!Record.IsEvent)
            {
                return Record.Type == SelRecord.LinuxPanic ? (ushort)6 : (ushort)0;
            }

            return Severity() switch
            {
                StateSeverity.NonRecoverable => 7,
                StateSeverity.Critical => 6,
                StateSeverity.Degraded => 3,
                _ => 2,
            };
        }
    }

    /// <summary>Identity of the kind of message: record type, sensor type, event type, offset and direction.</summary>
    public string MessageId => !Record.IsEvent
        ? $"IPMI-{Record.Type:X2}"
        : $"IPMI-{Record.SensorType:X2}-{Record.EventType:X2}-{Record.Offset:X}-{(Record.IsAssertion ? 'A' : 'D')}";

    private StateSeverity Severity()
    {
        if (Record.EventType == SensorStates.ThresholdType)
        {
            // Offsets count lower non-critical going low, going high, lower critical going low …; upper ones are bad when going high (table 42-2).
            bool worse = Record.Offset < 12 && (Record.Offset < 6) == (Record.Offset % 2 == 0);
            return !worse || !Record.IsAssertion ? StateSeverity.Ok : (StateSeverity)(1 + (Record.Offset / 2 % 3));
        }

        bool presence = Record is { EventType: SensorStates.SensorSpecificType, SensorType: SensorTypes.PowerSupply, Offset: PresenceOffset };
        return presence && !Record.IsAssertion ? StateSeverity.Degraded
            : Record.IsAssertion ? SensorStates.Find(Record.EventType, Record.SensorType, Record.Offset).Severity
            : StateSeverity.Ok;
    }

    // The reading and threshold that the event carries, when it does and they can be converted. ipmitool calculates in single precision.
    private string? Trigger()
    {
        if (Record.EventType != SensorStates.ThresholdType || Sensor?.Full is not { } full || Record.Data2Use != 1 || Linearization.IsNonLinear(full.Linearization))
        {
            return null;
        }

        string reading = "Reading " + Number(full, Record.Data2);
        return Record.Data3Use != 1
            ? reading
            : $"{reading} {(Record.Offset % 2 == 1 == Record.IsAssertion ? '>' : '<')} Threshold {Number(full, Record.Data3)} {EventUnits.Name(Sensor.Units)}";
    }

    private static string Number(FullSensorRecord full, byte raw)
    {
        float value = (float)Linearization.Apply(full.Linearization, full.Factors.Linear(SensorFactors.Number(raw, full.Units.Format)));
        return ((double)value).ToString(value == MathF.Truncate(value) ? "F0" : "F2", CultureInfo.InvariantCulture);
    }

    // Controllers leave the logical unit and the channel out as they like; they decide only between sensors that are alike otherwise.
    private static BmcSensor? FindSensor(SelRecord record, BmcInventory inventory)
    {
        BmcSensor[] found = [.. inventory.Sensors.Where(s => s.Number == record.SensorNumber && s.SensorType == record.SensorType && s.Record.OwnerId == (byte)record.GeneratorId)];
        return found.FirstOrDefault(s => s.Record.Lun == ((record.GeneratorId >> 8) & 0x03) && s.Record.Channel == record.GeneratorId >> 12) ?? found.FirstOrDefault();
    }

    private static string SubjectOf(SelRecord record, BmcSensor? sensor)
    {
        string type = EventSensorTypes.Name(record.SensorType);
        return sensor is not null ? $"{type} {sensor.IdString}" : record.SensorNumber != 0 ? $"{type} #0x{record.SensorNumber:x2}" : type;
    }

    private static string OemText(SelRecord record)
    {
        if (record.Type == SelRecord.LinuxPanic)
        {
            // Bytes 6–16: eleven characters of the panic message, ended by a zero when it is shorter.
            ReadOnlySpan<byte> text = record.Bytes[5..];
            int end = text.IndexOf((byte)0);
            return new string([.. Encoding.Latin1.GetString(end < 0 ? text : text[..end]).Select(c => char.IsControl(c) ? '?' : c)]);
        }

        string data = Convert.ToHexStringLower(record.OemData);
        return record.HasTimestamp ? $"{data[..6]} | {data[6..]}" : data;
    }
}
