using CimHost.Sdk.Cim;

namespace CimHost.Snmp.Mib.Model;

/// <summary>A sensor as MIBs show it: a row with a number that stays, a reading in units of 10^exponent, thresholds, states and times.</summary>
/// <param name="instance">The instance of CIM_Sensor.</param>
/// <param name="identity">What it is.</param>
/// <param name="index">Its entPhysicalIndex.</param>
/// <param name="isOutdated">True when the last reading of the model did not get to it: then there is no value.</param>
internal sealed class SensorView(CimInstance instance, string identity, int index, bool isOutdated)
{
    private static readonly string[] s_thresholds =
    [
        "LowerThresholdFatal", "LowerThresholdCritical", "LowerThresholdNonCritical", "UpperThresholdNonCritical", "UpperThresholdCritical", "UpperThresholdFatal",
    ];

    /// <summary>The instance.</summary>
    public CimInstance Instance => instance;

    /// <summary>What it is.</summary>
    public string Identity => identity;

    /// <summary>Its entPhysicalIndex.</summary>
    public int Index => index;

    /// <summary>Name for people; never empty.</summary>
    public string Name => instance.FirstText("ElementName", "Caption", "Name", "DeviceID") ?? instance.ClassName;

    /// <summary>Its path, for people and for a look into CIM.</summary>
    public string Path => instance.Path?.WithNamespace(null).ToString() ?? string.Empty;

    /// <summary>True for a sensor that gives a number.</summary>
    public bool IsNumeric => instance.TryGetValue("CurrentReading", out _);

    /// <summary>CIM SensorType; 0 when unknown.</summary>
    public int SensorType => (int)(instance.Number("SensorType") ?? 0);

    /// <summary>CIM BaseUnits; 0 when unknown.</summary>
    public int BaseUnits => (int)(instance.Number("BaseUnits") ?? 0);

    /// <summary>Unit for people.</summary>
    public string Unit => instance.Text("UnitSymbol") is { } symbol && symbol.All(char.IsAscii) ? symbol : SensorUnit.Name(instance.Number("BaseUnits"), instance.Number("RateUnits"));

    /// <summary>True when the rate is one of its own, so that the value is none of the base unit.</summary>
    public bool HasRate => instance.Number("RateUnits") is > 0;

    /// <summary>Reading and thresholds are in units of ten to the power of this.</summary>
    public int Exponent => instance.Number("UnitModifier") is >= -20 and <= 20 and { } modifier ? (int)modifier : 0;

    /// <summary>Whether there is a value, and if not why, in the words of ReadingState.</summary>
    public string ReadingState => isOutdated ? "Unavailable" : instance.Text("ReadingState") ?? (IsNumeric && instance.Number("CurrentReading") is null ? "Unavailable" : "Ok");

    /// <summary>The reading; null when there is none now.</summary>
    public long? Reading => ReadingState == "Ok" ? instance.Number("CurrentReading") : null;

    /// <summary>Why there is no reading.</summary>
    public string? Reason => isOutdated ? "The sensor was not told when the host was last read." : instance.Text("ReadingReason");

    /// <summary>State as the sensor names it.</summary>
    public string CurrentState => isOutdated ? "Unknown" : instance.Text("CurrentState") ?? "Unknown";

    /// <summary>CIM HealthState; 0 when unknown.</summary>
    public int HealthState => isOutdated ? 0 : (int)(instance.Number("HealthState") ?? 0);

    /// <summary>When it was read.</summary>
    public DateTimeOffset? ReadAt => instance.Time("ReadingTime");

    /// <summary>A threshold, lower fatal (0), lower critical, lower non-critical, upper non-critical, upper critical, upper fatal (5).</summary>
    public long? Threshold(int number) => instance.Number(s_thresholds[number]);
}
