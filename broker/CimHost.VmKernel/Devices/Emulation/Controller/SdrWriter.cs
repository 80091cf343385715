using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>Bodies of the sensor records, without the five bytes of the header (IPMI 2.0 §43.1–43.3).</summary>
internal static class SdrWriter
{
    public static (byte Type, byte[] Body) Write(SensorDescription sensor) => sensor.Record switch
    {
        SensorRecordKind.Full => (0x01, Full(sensor)),
        SensorRecordKind.Compact => (0x02, Compact(sensor)),
        _ => (0x03, EventOnly(sensor)),
    };

    private static byte[] Full(SensorDescription sensor)
    {
        SensorFactors factors = sensor.Factors ?? new SensorFactors(0, 0, 0, 0, 0, 3, 0, 0, 0);
        byte analog = (byte)((sensor.Nominal is null ? 0 : 1) | (sensor.NormalMaximum is null ? 0 : 2) | (sensor.NormalMinimum is null ? 0 : 4));
        return
        [
            .. Common(sensor),
            (byte)((factors.Format << 6) | sensor.Unit.Flags), sensor.Unit.Base, sensor.Unit.Modifier,
            factors.Linearization,
            .. Conversion(factors),
            analog, sensor.Nominal ?? 0, sensor.NormalMaximum ?? 0, sensor.NormalMinimum ?? 0,
            factors.ToByte(factors.Most), factors.ToByte(factors.Least),
            .. Enumerable.Range(0, 6).Select(i => sensor.Thresholds[5 - i] ?? 0),
            sensor.Hysteresis.Positive, sensor.Hysteresis.Negative,
            0, 0, sensor.Oem,
            .. sensor.NameField,
        ];
    }

    /// <summary>M and tolerance, B and accuracy, exponents: bytes 25–30 of a full record, also the end of Get Sensor Reading Factors.</summary>
    public static byte[] Conversion(SensorFactors factors) =>
    [
        (byte)factors.M, (byte)(((factors.M >> 2) & 0xC0) | factors.Tolerance),
        (byte)factors.B, (byte)(((factors.B >> 2) & 0xC0) | (factors.Accuracy & 0x3F)),
        (byte)(((factors.Accuracy >> 2) & 0xF0) | (factors.AccuracyExponent << 2)),
        (byte)(((factors.RExponent & 0xF) << 4) | (factors.BExponent & 0xF)),
    ];

    private static byte[] Compact(SensorDescription sensor) =>
    [
        .. Common(sensor),
        (byte)(0xC0 | sensor.Unit.Flags), sensor.Unit.Base, sensor.Unit.Modifier,
        .. Sharing(sensor),
        sensor.Hysteresis.Positive, sensor.Hysteresis.Negative,
        0, 0, 0, sensor.Oem,
        .. sensor.NameField,
    ];

    private static byte[] EventOnly(SensorDescription sensor) =>
    [
        sensor.Owner, OwnerLun(sensor), sensor.Number, sensor.Entity.Id, sensor.Entity.Instance, sensor.Type, sensor.ReadingType,
        .. Sharing(sensor),
        0, sensor.Oem,
        .. sensor.NameField,
    ];

    private static byte OwnerLun(SensorDescription sensor) => (byte)((sensor.Channel << 4) | sensor.Lun);

    private static byte[] Sharing(SensorDescription sensor) =>
        [sensor.Sharing.Count, (byte)((sensor.Sharing.EntityShared ? 0x80 : 0) | sensor.Sharing.NameOffset)];

    /// <summary>Key, entity, capabilities and masks: bytes 6–20.</summary>
    private static byte[] Common(SensorDescription sensor)
    {
        // Thresholds and hysteresis are initialised from the record when the controller starts; scanning and events as the file says.
        byte initialization = (byte)(0x60 | (sensor.IsThreshold ? 0x18 : 0) | (sensor.EventsEnabled ? 2 : 0) | (sensor.Scanning ? 1 : 0));
        int hysteresis = !sensor.IsThreshold || sensor.Hysteresis == default ? 0 : sensor.SettableHysteresis ? 2 : 1;
        int access = !sensor.IsThreshold || sensor.ThresholdMask == 0 ? 0 : sensor.SettableThresholds ? 2 : 1;
        byte capabilities = (byte)(0x40 | (hysteresis << 4) | (access << 2));
        int mask = sensor.ThresholdMask;
        int assertion = sensor.AssertionEvents | (sensor.IsThreshold ? (mask & 7) << 12 : 0);
        int deassertion = sensor.DeassertionEvents | (sensor.IsThreshold ? (mask >> 3) << 12 : 0);
        int readable = sensor.IsThreshold ? mask | (sensor.SettableThresholds ? mask << 8 : 0) : sensor.SupportedStates;
        return
        [
            sensor.Owner, OwnerLun(sensor), sensor.Number, sensor.Entity.Id, sensor.Entity.Instance, initialization, capabilities, sensor.Type, sensor.ReadingType,
            (byte)assertion, (byte)(assertion >> 8), (byte)deassertion, (byte)(deassertion >> 8), (byte)readable, (byte)(readable >> 8),
        ];
    }
}
