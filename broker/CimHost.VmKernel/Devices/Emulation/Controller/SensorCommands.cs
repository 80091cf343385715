using System.Buffers.Binary;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>Sensor device commands (IPMI 2.0 §35).</summary>
internal static class SensorCommands
{
    public const byte NetFn = 0x04;

    /// <summary>Code of Get Sensor Reading.</summary>
    public const byte ReadingCode = 0x2D;

    public static IReadOnlyList<BmcCommand> All { get; } =
    [
        new("GetDeviceSdrInfo", NetFn, 0x20, 0, 1, DeviceSdrInfo),
        Of("GetSensorReadingFactors", 0x23, 2, 2, Factors),
        Of("SetSensorHysteresis", 0x24, 4, 4, SetHysteresis),
        Of("GetSensorHysteresis", 0x25, 1, 2, Hysteresis),
        Of("SetSensorThresholds", 0x26, 8, 8, SetThresholds),
        Of("GetSensorThresholds", 0x27, 1, 1, Thresholds),
        Of("SetSensorEventEnable", 0x28, 2, 6, SetEventEnable),
        Of("GetSensorEventEnable", 0x29, 1, 1, EventEnable),
        Of("RearmSensorEvents", 0x2A, 2, 6, (_, _, _) => Answer.Ok()),
        Of("GetSensorEventStatus", 0x2B, 1, 1, EventStatus),
        Of("GetSensorReading", ReadingCode, 1, 1, (_, sensor, _) => Reading(sensor)),
        Of("GetSensorType", 0x2F, 1, 1, (_, s, _) => Answer.Ok(s.Description.Type, s.Description.ReadingType)),
    ];

    /// <summary>Answer of Get Sensor Reading (§35.14).</summary>
    public static IpmiResponse Reading(SensorState sensor)
    {
        byte flags = Flags(sensor);
        if (!sensor.Available)
        {
            return sensor.Description.IsThreshold ? Answer.Ok(0, flags, 0xC0) : Answer.Ok(0, flags, 0, 0x80);
        }

        return sensor.Description.IsThreshold
            ? Answer.Ok(sensor.Raw, flags, (byte)(0xC0 | sensor.Status))
            : Answer.Ok(sensor.Raw, flags, (byte)sensor.Status, (byte)(0x80 | (sensor.Status >> 8)));
    }

    /// <summary>A command about one sensor: one that is not there, or that only sends events, is not present.</summary>
    private static BmcCommand Of(string name, byte code, int shortest, int longest, Func<BmcState, SensorState, byte[], IpmiResponse> run) => new(
        name,
        NetFn,
        code,
        shortest,
        longest,
        (state, request) => state.Sensor(request) is { } sensor && sensor.Description.Present && sensor.Description.Record != SensorRecordKind.EventOnly
            ? run(state, sensor, request.Data.ToArray())
            : Answer.Error(CompletionCode.NotPresent),
        CommandSubject.Sensor);

    /// <summary>§35.2: sensors of this LUN, or all records; the population is fixed as long as the files are.</summary>
    private static IpmiResponse DeviceSdrInfo(BmcState state, IpmiRequest request)
    {
        bool records = request.Data.Length == 1 && (request.Data.Span[0] & 1) != 0;
        SdrRepository repository = request.IsBridged ? state.DeviceSdrs(request.Target) : state.Sdrs;
        byte owner = request.IsBridged ? request.Target : IpmiRequest.OwnController;
        SensorState[] sensors = [.. state.Sensors.Where(s => s.Description.Owner == owner)];
        int count = records ? repository.Records.Count : sensors.Count(s => s.Description.Lun == request.Lun);
        int luns = sensors.Select(s => 1 << s.Description.Lun).Distinct().Sum();
        uint changed = repository.Changed;
        return Answer.Ok((byte)Math.Min(count, 255), (byte)(0x80 | luns), (byte)changed, (byte)(changed >> 8), (byte)(changed >> 16), (byte)(changed >> 24));
    }

    private static byte Flags(SensorState sensor) => (byte)((sensor.Events ? 0x80 : 0) | (sensor.Scanning ? 0x40 : 0) | (sensor.Available ? 0 : 0x20));

    private static IpmiResponse Factors(BmcState state, SensorState sensor, byte[] data) =>
        sensor.Description.Factors is { } factors ? Answer.Ok([data[1], .. SdrWriter.Conversion(factors)]) : Answer.Error(CompletionCode.IllegalForSensor);

    private static IpmiResponse Hysteresis(BmcState state, SensorState sensor, byte[] data) =>
        sensor.Description.IsThreshold ? Answer.Ok(sensor.PositiveHysteresis, sensor.NegativeHysteresis) : Answer.Error(CompletionCode.IllegalForSensor);

    private static IpmiResponse SetHysteresis(BmcState state, SensorState sensor, byte[] data)
    {
        if (!sensor.Description.IsThreshold || !sensor.Description.SettableHysteresis)
        {
            return Answer.Error(CompletionCode.IllegalForSensor);
        }

        (sensor.PositiveHysteresis, sensor.NegativeHysteresis) = (data[2], data[3]);
        state.Evaluate();
        return Answer.Ok();
    }

    private static IpmiResponse Thresholds(BmcState state, SensorState sensor, byte[] data) =>
        sensor.Description.IsThreshold
            ? Answer.Ok([sensor.Description.ThresholdMask, .. sensor.Thresholds.Select(t => t ?? 0)])
            : Answer.Error(CompletionCode.IllegalForSensor);

    private static IpmiResponse SetThresholds(BmcState state, SensorState sensor, byte[] data)
    {
        if (!sensor.Description.IsThreshold || !sensor.Description.SettableThresholds)
        {
            return Answer.Error(CompletionCode.IllegalForSensor);
        }

        if ((data[1] & ~sensor.Description.ThresholdMask) != 0)
        {
            return Answer.Error(CompletionCode.InvalidField);
        }

        for (int i = 0; i < 6; i++)
        {
            if ((data[1] & (1 << i)) != 0)
            {
                sensor.Thresholds[i] = data[2 + i];
            }
        }

        state.Evaluate();
        return Answer.Ok();
    }

    private static IpmiResponse EventEnable(BmcState state, SensorState sensor, byte[] data) => Answer.Ok(
        (byte)((sensor.Events ? 0x80 : 0) | (sensor.Scanning ? 0x40 : 0)),
        (byte)sensor.AssertionEvents, (byte)(sensor.AssertionEvents >> 8), (byte)sensor.DeassertionEvents, (byte)(sensor.DeassertionEvents >> 8));

    /// <summary>§35.10: bits 5–4 say whether the masks enable (01b) or disable (10b) events.</summary>
    private static IpmiResponse SetEventEnable(BmcState state, SensorState sensor, byte[] data)
    {
        int change = (data[1] >> 4) & 3;
        if (change == 3)
        {
            return Answer.Error(CompletionCode.InvalidField);
        }

        (sensor.Events, sensor.Scanning) = ((data[1] & 0x80) != 0, (data[1] & 0x40) != 0);
        byte[] masks = new byte[4];
        data.AsSpan(2).CopyTo(masks);
        ushort assertion = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(masks) & sensor.Description.AssertionEvents);
        ushort deassertion = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(masks.AsSpan(2)) & sensor.Description.DeassertionEvents);
        sensor.AssertionEvents = Changed(sensor.AssertionEvents, assertion, change);
        sensor.DeassertionEvents = Changed(sensor.DeassertionEvents, deassertion, change);
        state.Evaluate();
        return Answer.Ok();
    }

    private static ushort Changed(ushort mask, ushort selected, int change) => (ushort)(change switch { 1 => mask | selected, 2 => mask & ~selected, _ => mask });

    private static IpmiResponse EventStatus(BmcState state, SensorState sensor, byte[] data)
    {
        ushort active = sensor.Available ? (ushort)(sensor.ActiveEvents & sensor.AssertionEvents) : (ushort)0;
        return Answer.Ok(Flags(sensor), (byte)active, (byte)(active >> 8), 0, 0);
    }
}
