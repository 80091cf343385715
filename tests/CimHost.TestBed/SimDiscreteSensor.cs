namespace CimHost.TestBed;

/// <summary>A discrete sensor of the simulated BMC.</summary>
/// <param name="Number">Sensor number.</param>
/// <param name="Type">Sensor type (IPMI 2.0 table 42-3).</param>
/// <param name="EventType">Event/reading type code (table 42-1).</param>
/// <param name="Name">Id string.</param>
/// <param name="Supported">Mask of the states that it knows.</param>
/// <param name="States">Mask of the states that hold at first.</param>
/// <param name="Entity">Entity id.</param>
/// <param name="Instance">Entity instance.</param>
public sealed record SimDiscreteSensor(byte Number, byte Type, byte EventType, string Name, ushort Supported, ushort States, byte Entity, byte Instance)
{
    /// <summary>Its compact sensor record without the record id (IPMI 2.0 §43.2).</summary>
    public byte[] Record()
    {
        byte low = (byte)Supported, high = (byte)(Supported >> 8);
        byte[] body =
        [
            0x20, 0x00, Number, Entity, Instance, 0x67, 0x40, Type, EventType,
            low, high, low, high, low, high, 0xC0, 0, 0, 0x01, 0, 0, 0, 0, 0, 0, 0,
        ];
        return SimThresholdSensor.Frame(0x02, body, Name);
    }

    /// <summary>The simulator's commands that make it.</summary>
    public IEnumerable<string> Commands(string bmc)
    {
        string at = $"{bmc} 0 {Number}";
        string mask = Convert.ToString(Supported, 2).PadLeft(15, '0');
        yield return $"sensor_add {at} 0x{Type:x2} 0x{EventType:x2}";
        yield return $"sensor_set_event_support {at} enable scanning per-state {mask} {mask} {mask} {mask}";
        for (int bit = 0; bit < 15; bit++)
        {
            if ((States >> bit & 1) != 0)
            {
                yield return $"sensor_set_bit {at} {bit} 1 0";
            }
        }
    }
}
