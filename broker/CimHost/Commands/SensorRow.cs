using System.Globalization;
using System.Text.Json;
using CimHost.Sdk.Cim;

namespace CimHost.Commands;

/// <summary>A sensor as a person looks at it: the reading in its unit, its state, its thresholds and how old it is.</summary>
internal sealed class SensorRow
{
    // BaseUnits of CIM_NumericSensor (CIM 2.49) by number; those that have no usual sign carry their name.
    private static readonly string[] s_units =
    [
        "", "", "°C", "°F", "K", "V", "A", "W", "J", "C", "VA", "nt", "lm", "lx", "cd", "kPa", "psi", "N", "CFM", "RPM", "Hz", "s", "min", "h", "d", "weeks",
        "mil", "in", "ft", "cu in", "cu ft", "m", "cu cm", "cu m", "l", "fl oz", "rad", "sr", "revolutions", "cycles", "g", "oz", "lb", "ft-lb", "oz-in", "gauss",
        "gilberts", "H", "F", "Ω", "S", "mol", "Bq", "ppm", "dB", "dBA", "dBC", "Gy", "Sv", "K", "bits", "bytes", "words", "dwords", "qwords", "%", "Pa",
    ];

    private static readonly string[] s_rates = ["", "/µs", "/ms", "/s", "/min", "/h", "/d", "/week", "/month", "/year"];

    private static readonly string[] s_types = ["unknown", "other", "temperature", "voltage", "current", "tachometer", "counter", "switch", "lock", "humidity", "smoke detection", "presence", "air flow", "power consumption", "power production", "pressure", "intrusion"];

    // Property, ipmitool's short name, name in JSON.
    private static readonly (string Property, string Short, string Json)[] s_thresholds =
    [
        ("LowerThresholdFatal", "lnr", "lowerFatal"), ("LowerThresholdCritical", "lcr", "lowerCritical"), ("LowerThresholdNonCritical", "lnc", "lowerNonCritical"),
        ("UpperThresholdNonCritical", "unc", "upperNonCritical"), ("UpperThresholdCritical", "ucr", "upperCritical"), ("UpperThresholdFatal", "unr", "upperFatal"),
    ];

    private readonly CimInstance _sensor;
    private readonly int _modifier;

    /// <summary>A row for an instance of CIM_Sensor or a subclass.</summary>
    public SensorRow(CimInstance sensor)
    {
        _sensor = sensor;
        _modifier = Value("UnitModifier").TryGetInt64(out long modifier) && modifier is >= -20 and <= 20 ? (int)modifier : 0;
        Name = First("ElementName", "Caption", "DeviceID");
        ReadingState = First("ReadingState");
        Reason = First("ReadingReason");
        CurrentState = First("CurrentState");
        HealthState = Value("HealthState").TryGetUInt64(out ulong health) ? (int)Math.Min(health, int.MaxValue) : 0;
        Time = Value("ReadingTime").AsDateTime() is { IsInterval: false, HasAsterisks: false } time ? time.ToDateTimeOffset() : null;
    }

    /// <summary>Path of the instance: the same sensor has the same every time.</summary>
    public string Path => _sensor.Path?.ToString() ?? string.Empty;

    /// <summary>Name for people.</summary>
    public string Name { get; }

    /// <summary>The reading in its unit; empty when there is none.</summary>
    public string Reading => Scaled("CurrentReading");

    /// <summary>Unit of the reading.</summary>
    public string Unit => (Value("BaseUnits").TryGetUInt64(out ulong unit) && unit < (ulong)s_units.Length ? s_units[unit] : string.Empty)
        + (Value("RateUnits").TryGetUInt64(out ulong rate) && rate < (ulong)s_rates.Length ? s_rates[rate] : string.Empty);

    /// <summary>Whether there is a reading: "Ok", "TimedOut"…; empty where the class does not say.</summary>
    public string ReadingState { get; }

    /// <summary>Why there is no reading.</summary>
    public string Reason { get; }

    /// <summary>State as the sensor names it ("Normal").</summary>
    public string CurrentState { get; }

    /// <summary>CIM HealthState.</summary>
    public int HealthState { get; }

    /// <summary>When it was read.</summary>
    public DateTimeOffset? Time { get; }

    /// <summary>True when the class says that there is no reading.</summary>
    public bool IsWithoutReading => ReadingState.Length > 0 && !string.Equals(ReadingState, "Ok", StringComparison.OrdinalIgnoreCase);

    /// <summary>State for people: why there is no reading, or what the sensor says.</summary>
    public string State => !IsWithoutReading ? CurrentState : Reason.Length > 0 ? $"{ReadingState}: {Reason}" : ReadingState;

    /// <summary>The thresholds that are set, with ipmitool's short names, lowest first.</summary>
    public string Thresholds => string.Join("  ", s_thresholds.Select(t => (t.Short, Value: Scaled(t.Property))).Where(t => t.Value.Length > 0).Select(t => $"{t.Short} {t.Value}"));

    /// <summary>How old the reading is; a host whose clock is ahead gives 0.</summary>
    public string Age(DateTimeOffset now) => Time is not { } time ? string.Empty : Math.Max(0, (now - time).TotalSeconds) switch
    {
        < 120 and var s => string.Create(CultureInfo.InvariantCulture, $"{s:0} s"),
        < 7200 and var s => string.Create(CultureInfo.InvariantCulture, $"{s / 60:0} min"),
        < 172_800 and var s => string.Create(CultureInfo.InvariantCulture, $"{s / 3600:0} h"),
        var s => string.Create(CultureInfo.InvariantCulture, $"{s / 86_400:0} d"),
    };

    /// <summary>The row for programs; what is not known is null.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteString("path", Path);
        json.WriteString("class", _sensor.ClassName);
        json.WriteString("type", Value("SensorType").TryGetUInt64(out ulong type) && type < (ulong)s_types.Length ? s_types[type] : null);
        WriteNumber(json, "reading", Reading);
        json.WriteString("unit", Unit.Length > 0 ? Unit : null);
        json.WriteString("state", CurrentState.Length > 0 ? CurrentState : null);
        json.WriteNumber("healthState", HealthState);
        json.WriteString("readingState", ReadingState.Length > 0 ? ReadingState : null);
        json.WriteString("reason", Reason.Length > 0 ? Reason : null);
        json.WriteStartObject("thresholds");
        foreach ((string property, _, string name) in s_thresholds)
        {
            WriteNumber(json, name, Scaled(property));
        }

        json.WriteEndObject();
        json.WritePropertyName("readingTime");
        JsonText.Write(json, Value("ReadingTime"));
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, string number)
    {
        json.WritePropertyName(name);
        if (number.Length == 0)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteNumberValue(decimal.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture));
        }
    }

    // CurrentReading and thresholds are integers in units of ten to the power of UnitModifier.
    private string Scaled(string property)
    {
        CimValue value = Value(property);
        if (!value.TryGetInt64(out long number))
        {
            return string.Empty;
        }

        if (_modifier >= 0)
        {
            return number == 0 ? "0" : number.ToString(CultureInfo.InvariantCulture) + new string('0', _modifier);
        }

        string digits = number.ToString(CultureInfo.InvariantCulture).TrimStart('-').PadLeft(1 - _modifier, '0');
        string fraction = digits[^-_modifier..].TrimEnd('0');
        return $"{(number < 0 ? "-" : string.Empty)}{digits[..^-_modifier]}{(fraction.Length > 0 ? "." : string.Empty)}{fraction}";
    }

    private CimValue Value(string property) => _sensor.TryGetValue(property, out CimValue value) ? value : default;

    private string First(params ReadOnlySpan<string> properties)
    {
        foreach (string property in properties)
        {
            string text = CellText.Of(Value(property));
            if (text.Length > 0)
            {
                return text;
            }
        }

        return string.Empty;
    }
}
