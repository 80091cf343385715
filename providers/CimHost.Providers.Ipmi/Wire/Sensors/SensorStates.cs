namespace CimHost.Providers.Ipmi.Wire.Sensors;

/// <summary>
/// Texts of the states of discrete sensors: generic event/reading types 01h–0Ch (IPMI 2.0 table 42-2) and the sensor-specific offsets of
/// type 6Fh (table 42-3). Severities are this project's judgement; the specification gives none.
/// </summary>
internal static class SensorStates
{
    /// <summary>Event/reading type of threshold sensors.</summary>
    public const byte ThresholdType = 0x01;

    /// <summary>Event/reading type whose offsets depend on the sensor type.</summary>
    public const byte SensorSpecificType = 0x6F;

    /// <summary>Highest offset plus one.</summary>
    public const int Count = 15;

    private static readonly string[] s_thresholds =
    [
        "~Lower Non-Critical", "!Lower Critical", "#Lower Fatal", "~Upper Non-Critical", "!Upper Critical", "#Upper Fatal",
    ];

    private static readonly string[][] s_generic =
    [
        [],
        s_thresholds,
        ["Transition to Idle", "Transition to Active", "Transition to Busy"],
        ["State Deasserted", "State Asserted"],
        ["Predictive Failure deasserted", "~Predictive Failure asserted"],
        ["Limit Not Exceeded", "~Limit Exceeded"],
        ["Performance Met", "~Performance Lags"],
        [
            "Transition to OK", "~Transition to Non-Critical from OK", "!Transition to Critical from less severe",
            "#Transition to Non-recoverable from less severe", "~Transition to Non-Critical from more severe",
            "!Transition to Critical from Non-recoverable", "#Transition to Non-recoverable", "Monitor", "Informational",
        ],
        ["Device Absent", "Device Present"],
        ["Device Disabled", "Device Enabled"],
        [
            "Transition to Running", "Transition to In Test", "Transition to Power Off", "Transition to On Line", "Transition to Off Line",
            "Transition to Off Duty", "~Transition to Degraded", "Transition to Power Save", "!Install Error",
        ],
        [
            "Fully Redundant", "~Redundancy Lost", "~Redundancy Degraded", "~Non-redundant: sufficient resources from redundant",
            "Non-redundant: sufficient resources from insufficient", "!Non-redundant: insufficient resources",
            "~Redundancy degraded from fully redundant", "~Redundancy degraded from non-redundant",
        ],
        ["D0 Power State", "D1 Power State", "D2 Power State", "D3 Power State"],
    ];

    private static readonly Dictionary<(byte EventType, byte SensorType, int Offset), SensorState> s_states = Build();

    /// <summary>
    /// The state of an offset; offsets that the specification does not name, and OEM types, give "State n" without a severity.
    /// </summary>
    public static SensorState Find(byte eventReadingType, byte sensorType, int offset)
    {
        byte type = eventReadingType == SensorSpecificType ? sensorType : (byte)0;
        return s_states.TryGetValue((eventReadingType, type, offset), out SensorState state) ? state : new SensorState($"State {offset}", StateSeverity.Ok);
    }

    private static Dictionary<(byte, byte, int), SensorState> Build()
    {
        var states = new Dictionary<(byte, byte, int), SensorState>();
        for (byte type = 1; type < s_generic.Length; type++)
        {
            Add(states, type, 0, s_generic[type]);
        }

        foreach ((byte sensorType, string[] texts) in SpecificStates.All)
        {
            Add(states, SensorSpecificType, sensorType, texts);
        }

        return states;
    }

    private static void Add(Dictionary<(byte, byte, int), SensorState> states, byte eventType, byte sensorType, string[] texts)
    {
        for (int offset = 0; offset < texts.Length; offset++)
        {
            if (texts[offset].Length > 0)
            {
                states.Add((eventType, sensorType, offset), SensorState.Parse(texts[offset]));
            }
        }
    }
}
