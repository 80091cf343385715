using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Controller;
using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Capture.Live;

/// <summary>What can be changed of a captured controller: its sensors and the state of the chassis.</summary>
internal static class CapturedController
{
    private const byte ChassisNetFn = 0x00, GetChassisStatus = 0x01, GetSensorHysteresis = 0x25;

    // Get Sensor Hysteresis, Thresholds, Event Enable, Event Status, Reading (IPMI 2.0 §35).
    private static readonly byte[] s_ofOneSensor = [GetSensorHysteresis, 0x27, 0x29, 0x2B, SensorCommands.ReadingCode];

    /// <summary>How long the port waits for an answer that a fault loses.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>The controller as it was. What a change has no use for is empty.</summary>
    public static BmcDescription Describe(CommandLog log) => new()
    {
        Device = new DeviceDescription
        {
            Port = log.Name,
            DeviceId = [],
            SelfTest = [],
            Guid = [],
            LongestRead = 0,
            Concurrency = log.Concurrency,
            Timeout = Timeout,
            Channel = 0,
            Lan = new Dictionary<byte, byte[]>(),
            Watchdog = [],
        },
        Chassis = new ChassisDescription(
            [], log.Exchanges.GetValueOrDefault(Exchange.KeyOf([ChassisNetFn, 0, GetChassisStatus], [])) is { Rank: 2, Data: { Length: >= 3 } status } ? status : new byte[3], [], 0, [], 0),
        Sensors = CapturedSensors.Read(log),
        OtherRecords = [],
        Frus = [],
        Sel = new SelDescription(0, []),
        SystemInfo = new Dictionary<byte, string>(),
    };

    /// <summary>The commands that are answered otherwise than they were, by <see cref="Exchange.Key"/>.</summary>
    /// <param name="was">The controller as it was.</param>
    /// <param name="now">The same with changes.</param>
    public static IReadOnlyDictionary<string, IpmiResponse> Changes(BmcDescription was, BmcDescription now)
    {
        var answers = new Dictionary<string, IpmiResponse>(StringComparer.Ordinal);
        if (!now.Chassis.Status.AsSpan().SequenceEqual(was.Chassis.Status))
        {
            answers[Exchange.KeyOf([ChassisNetFn, 0, GetChassisStatus], [])] = Answer.Ok(now.Chassis.Status);
        }

        (MachineConditions before, MachineConditions after) = (Conditions(was), Conditions(now));
        for (int i = 0; i < now.Sensors.Count; i++)
        {
            SensorDescription sensor = now.Sensors[i];
            SensorState state = State(sensor, after);
            if (sensor == was.Sensors[i] && state.Status == State(sensor, before).Status)
            {
                continue;
            }

            answers[Key(sensor, SensorCommands.ReadingCode)] = SensorCommands.Reading(state);
            if (!sensor.Present)
            {
                Array.ForEach(s_ofOneSensor, command => answers[Key(sensor, command)] = Answer.Error(CompletionCode.NotPresent));
            }
        }

        return answers;
    }

    private static string Key(SensorDescription sensor, byte command) =>
        Exchange.KeyOf(command == GetSensorHysteresis ? [SensorCommands.NetFn, sensor.Lun, command, sensor.Number, 0xFF] : [SensorCommands.NetFn, sensor.Lun, command, sensor.Number], []);

    private static SensorState State(SensorDescription sensor, MachineConditions conditions)
    {
        var state = new SensorState(sensor, 0, new SelLog(new SelDescription(0, [])));
        state.Evaluate(0, 0, conditions);
        return state;
    }

    private static MachineConditions Conditions(BmcDescription controller) => MachineConditions.Normal with
    {
        HasPower = (controller.Chassis.Status[0] & ChassisDescription.PowerOn) != 0,
        IsOpen = (controller.Chassis.Status[2] & ChassisDescription.Intrusion) != 0,
    };
}
