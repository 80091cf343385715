namespace CimHost.Providers.Power.Model;

/// <summary>A kind of measure, its unit, and how CIM_NumericSensor says it.</summary>
/// <param name="Noun">What is measured, for people.</param>
/// <param name="Unit">Symbol of the unit of all values of this kind.</param>
/// <param name="SensorType">CIM_Sensor.SensorType.</param>
/// <param name="BaseUnits">CIM_NumericSensor.BaseUnits.</param>
/// <param name="UnitModifier">CIM_NumericSensor.UnitModifier, unless a value outgrows 32 bits.</param>
/// <param name="Least">Least value that can be true.</param>
/// <param name="Most">Greatest value that can be true.</param>
internal sealed record PowerQuantity(string Noun, string Unit, ushort SensorType, ushort BaseUnits, int UnitModifier, double Least, double Most)
{
    public static PowerQuantity Voltage { get; } = new("voltage", "V", 3, 5, -3, -100_000, 100_000);

    public static PowerQuantity Current { get; } = new("current", "A", 4, 6, -3, -100_000, 100_000);

    public static PowerQuantity Frequency { get; } = new("frequency", "Hz", 1, 20, -3, 0, 1_000);

    public static PowerQuantity ActivePower { get; } = new("power", "W", 13, 7, -3, -10_000_000, 10_000_000);

    public static PowerQuantity ApparentPower { get; } = new("apparent power", "VA", 1, 10, -3, -10_000_000, 10_000_000);

    public static PowerQuantity Load { get; } = new("load", "%", 1, 65, -3, 0, 1_000);

    public static PowerQuantity Temperature { get; } = new("temperature", "°C", 2, 2, -3, -73, 200);

    public static PowerQuantity Humidity { get; } = new("humidity", "%", 9, 65, -3, 0, 100);

    public static PowerQuantity Charge { get; } = new("charge", "%", 1, 65, -3, 0, 110);

    /// <summary>A time; at most ten years, past which it is a device's way of saying that it does not know.</summary>
    public static PowerQuantity Duration { get; } = new("time", "s", 1, 21, 0, 0, 315_360_000);

    public static PowerQuantity Energy { get; } = new("energy", "J", 1, 8, -3, 0, 1e18);
}
