using CimHost.Providers.Power.Model;

namespace CimHost.Providers.Power.Wire.Hid;

/// <summary>Values of fields in the units that this package uses.</summary>
internal static class HidValues
{
    private const double KelvinOffset = 273.15;

    // Without a unit a temperature may be in kelvin or in degrees Celsius; this is too cold in one and too hot in the other.
    private const double KelvinFrom = 200;

    /// <summary>The unit that a quantity is told in, without its exponent; 0: none.</summary>
    private static uint UnitOf(PowerQuantity quantity) => quantity.Unit switch
    {
        "V" => HidUnit.Volt,
        "A" => HidUnit.Ampere,
        "Hz" => HidUnit.Hertz,
        "W" or "VA" => HidUnit.Watt,
        "s" => HidUnit.Second,
        "°C" => HidUnit.Kelvin,
        _ => 0,
    };

    /// <summary>
    /// The value of a field as a quantity. False when it is a null value or its unit cannot be converted; <paramref name="problem"/> says
    /// why in the predicate of a sentence.
    /// </summary>
    public static bool TryConvert(HidField field, long raw, PowerQuantity quantity, out double value, out string? problem)
    {
        value = double.NaN;
        if (field.LogicalMaximum > field.LogicalMinimum && !field.IsInRange(raw))
        {
            problem = $"is {raw}, outside {field.LogicalMinimum} to {field.LogicalMaximum}: a null value";
            return false;
        }

        problem = null;
        double physical = field.ToPhysical(raw);
        uint code = field.Unit.Code;
        if (code == HidUnit.Fahrenheit && quantity == PowerQuantity.Temperature)
        {
            value = ((physical * Math.Pow(10, field.Unit.Exponent)) - 32) / 1.8;
            return true;
        }

        // Unit and exponent are global items: on a field of another quantity they are left over from the field before it.
        if (code != 0 && code != UnitOf(quantity))
        {
            value = physical;
        }
        else if (field.Unit.ToSi() is { } factor)
        {
            value = physical * factor;
        }
        else
        {
            problem = $"has the unit {field.Unit.Code:X}h with the exponent {field.Unit.Exponent}, which is out of all reason";
            return false;
        }

        if (quantity == PowerQuantity.Temperature && (code == HidUnit.Kelvin || value >= KelvinFrom))
        {
            value -= KelvinOffset;
        }

        return true;
    }
}
