using System.Text;

namespace CimHost.TestBed;

/// <summary>Raw thresholds of a simulated sensor; null where it has none.</summary>
public sealed record SimThresholds(byte? LowerNonCritical, byte? LowerCritical, byte? LowerNonRecoverable, byte? UpperNonCritical, byte? UpperCritical, byte? UpperNonRecoverable)
{
    /// <summary>In the order of the bits of a threshold mask (IPMI 2.0 §35.9).</summary>
    public byte?[] InMaskOrder => [LowerNonCritical, LowerCritical, LowerNonRecoverable, UpperNonCritical, UpperCritical, UpperNonRecoverable];

    /// <summary>The mask of the thresholds that there are.</summary>
    public byte Mask => (byte)InMaskOrder.Select((t, i) => t is null ? 0 : 1 << i).Sum();

    /// <summary>Assertion mask: lower thresholds going low, upper ones going high (§43.1, bytes 15–16).</summary>
    public ushort Events => (ushort)InMaskOrder.Select((t, i) => t is null ? 0 : 1 << ((i * 2) + (i < 3 ? 0 : 1))).Sum();
}

/// <summary>A threshold sensor of the simulated BMC: value = raw × <paramref name="M"/> × 10^<paramref name="Exponent"/>.</summary>
public sealed record SimThresholdSensor(byte Number, byte Type, byte Unit, string Name, short M, int Exponent, byte Raw, SimThresholds Thresholds, byte Entity, byte Instance)
{
    /// <summary>Its full sensor record without the record id (IPMI 2.0 §43.1).</summary>
    public byte[] Record()
    {
        ushort events = Thresholds.Events;
        byte Of(byte? threshold) => threshold ?? 0;
        byte[] body =
        [
            0x20, 0x00, Number, Entity, Instance, 0x7F, 0x68, Type, 0x01,
            (byte)events, (byte)((events >> 8) | 0x70), (byte)events, (byte)((events >> 8) | 0x70), Thresholds.Mask, Thresholds.Mask,
            0x00, Unit, 0x00, 0x00, (byte)M, (byte)((M >> 8) << 6), 0, 0, 0, (byte)((Exponent & 0xF) << 4),
            0x07, Raw, 0xFF, 0x00, 0xFF, 0x00,
            Of(Thresholds.UpperNonRecoverable), Of(Thresholds.UpperCritical), Of(Thresholds.UpperNonCritical),
            Of(Thresholds.LowerNonRecoverable), Of(Thresholds.LowerCritical), Of(Thresholds.LowerNonCritical),
            0x02, 0x02, 0, 0, 0,
        ];
        return Frame(0x01, body, Name);
    }

    /// <summary>The simulator's commands that make it.</summary>
    public IEnumerable<string> Commands(string bmc)
    {
        string at = $"{bmc} 0 {Number}";
        byte?[] order = [Thresholds.UpperNonRecoverable, Thresholds.UpperCritical, Thresholds.UpperNonCritical, Thresholds.LowerNonRecoverable, Thresholds.LowerCritical, Thresholds.LowerNonCritical];
        string mask = Convert.ToString(Thresholds.Events, 2).PadLeft(15, '0');
        yield return $"sensor_add {at} 0x{Type:x2} 0x01";
        yield return $"sensor_set_value {at} {Raw} 0";
        yield return $"sensor_set_threshold {at} settable {string.Concat(order.Select(t => t is null ? '0' : '1'))} {string.Join(' ', order.Select(t => $"0x{t ?? 0:x2}"))}";
        yield return $"sensor_set_hysteresis {at} settable 2 2";
        yield return $"sensor_set_event_support {at} enable scanning per-state {mask} {mask} {mask} {mask}";
    }

    /// <summary>Version, type, length, body and an 8-bit ASCII name: a sensor record without its id.</summary>
    internal static byte[] Frame(byte type, byte[] body, string name) =>
        [0x51, type, (byte)(body.Length + 1 + name.Length), .. body, (byte)(0xC0 | name.Length), .. Encoding.ASCII.GetBytes(name)];
}
