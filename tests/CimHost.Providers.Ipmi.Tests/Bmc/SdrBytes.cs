using System.Text;

namespace CimHost.Providers.Ipmi.Tests.Bmc;

/// <summary>Bytes of sensor data records, laid out by hand after IPMI 2.0 §43 so that the decoder is not tested against itself.</summary>
internal static class SdrBytes
{
    public static byte[] Full(
        byte number,
        string id,
        byte sensorType = 0x01,
        byte eventType = 0x01,
        byte units1 = 0x00,
        byte baseUnit = 1,
        byte modifierUnit = 0,
        byte linearization = 0,
        int m = 1,
        int b = 0,
        int k1 = 0,
        int k2 = 0,
        int tolerance = 0,
        int accuracy = 0,
        int accuracyExponent = 0,
        byte entity = 7,
        byte instance = 1,
        byte capabilities = 0x68,
        ushort assertion = 0x0A95,
        ushort reading = 0x3F3F,
        byte owner = 0x20,
        byte ownerLun = 0,
        byte[]? thresholds = null,
        byte hysteresis = 2)
    {
        byte[] t = thresholds ?? [10, 5, 0, 70, 80, 90];
        byte[] body =
        [
            owner, ownerLun, number, entity, instance, 0x7F, capabilities, sensorType, eventType,
            (byte)assertion, (byte)(assertion >> 8), 0x95, 0x0A, (byte)reading, (byte)(reading >> 8),
            units1, baseUnit, modifierUnit, linearization,
            (byte)m, (byte)(((m >> 2) & 0xC0) | tolerance),
            (byte)b, (byte)(((b >> 2) & 0xC0) | (accuracy & 0x3F)),
            (byte)(((accuracy >> 6) << 4) | (accuracyExponent << 2)),
            (byte)((k2 << 4) | (k1 & 0x0F)),
            0x07, 25, 60, 12, 0xFF, 0x00,
            t[5], t[4], t[3], t[2], t[1], t[0],
            hysteresis, hysteresis, 0, 0, 0,
            (byte)(0xC0 | id.Length), .. Encoding.Latin1.GetBytes(id),
        ];
        return Record(0x01, body);
    }

    public static byte[] Compact(
        byte number,
        string id,
        byte sensorType,
        byte eventType = 0x6F,
        ushort reading = 0x00FF,
        byte entity = 7,
        byte instance = 1,
        byte capabilities = 0x40,
        byte share = 1,
        byte shareFlags = 0,
        byte owner = 0x20)
    {
        byte[] body =
        [
            owner, 0, number, entity, instance, 0x63, capabilities, sensorType, eventType,
            (byte)reading, (byte)(reading >> 8), 0, 0, (byte)reading, (byte)(reading >> 8),
            0xC0, 0, 0, share, shareFlags, 0, 0, 0, 0, 0, 0,
            (byte)(0xC0 | id.Length), .. Encoding.Latin1.GetBytes(id),
        ];
        return Record(0x02, body);
    }

    public static byte[] EventOnly(byte number, string id, byte sensorType, byte eventType = 0x6F) => Record(
        0x03,
        [0x20, 0, number, 7, 1, sensorType, eventType, 1, 0, 0, 0, (byte)(0xC0 | id.Length), .. Encoding.Latin1.GetBytes(id)]);

    public static byte[] FruLocator(byte deviceId, string id, byte entity, byte instance, byte controller = 0x20) => Record(
        0x11,
        [controller, deviceId, 0x80, 0, 0, 0x10, 0, entity, instance, 0, (byte)(0xC0 | id.Length), .. Encoding.Latin1.GetBytes(id)]);

    public static byte[] McLocator(string id, byte address = 0x20) => Record(
        0x12,
        [address, 0, 0, 0xBF, 0, 0, 0, 7, 1, 0, (byte)(0xC0 | id.Length), .. Encoding.Latin1.GetBytes(id)]);

    public static byte[] EntityAssociation(byte container, byte instance, bool range, params byte[] contained) => Record(
        0x08,
        [container, instance, range ? (byte)0x80 : (byte)0, .. contained, .. new byte[8 - contained.Length]]);

    /// <summary>A record with its header; the record id is set by whoever stores it.</summary>
    public static byte[] Record(byte type, byte[] body) => [0, 0, 0x51, type, (byte)body.Length, .. body];
}
