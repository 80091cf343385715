using System.Buffers.Binary;

namespace CimHost.Providers.Storage.Wire.Scsi;

/// <summary>Sense data, fixed and descriptor format (SPC-5 §4.4).</summary>
/// <param name="Key">Sense key: 0 no sense, 1 recovered error, 2 not ready, 3 medium error, 4 hardware error, 5 illegal request, 6 unit attention…</param>
/// <param name="Code">Additional sense code.</param>
/// <param name="Qualifier">Additional sense code qualifier.</param>
/// <param name="Progress">Progress in 65536ths; null when none is told.</param>
internal readonly record struct ScsiSenseData(byte Key, byte Code, byte Qualifier, ushort? Progress)
{
    /// <summary>True for the additional sense code of a failure prediction (5Dh).</summary>
    public bool IsFailurePrediction => Code == 0x5D;

    /// <summary>The device sleeps: stopped (04h/02h with not ready), or in a standby power condition (5Eh, SPC-5 table 46).</summary>
    public bool IsAsleep => (Key == 2 && Code == 0x04 && Qualifier == 0x02) || (Code == 0x5E && Qualifier is 0x02 or 0x04 or 0x09 or 0x0A or 0x41 or 0x42 or 0x43);

    /// <summary>A self-test is under way (04h/09h).</summary>
    public bool IsSelfTest => Code == 0x04 && Qualifier == 0x09;

    /// <summary>Reads sense data; false when they have neither format.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out ScsiSenseData sense)
    {
        sense = default;
        switch (data.Length > 0 ? data[0] & 0x7F : 0)
        {
            case 0x70 or 0x71 when data.Length >= 3:
                bool specific = data.Length >= 18 && (data[15] & 0x80) != 0;
                sense = new ScsiSenseData(
                    (byte)(data[2] & 0x0F), data.Length > 12 ? data[12] : (byte)0, data.Length > 13 ? data[13] : (byte)0,
                    specific ? BinaryPrimitives.ReadUInt16BigEndian(data[16..]) : null);
                return true;
            case 0x72 or 0x73 when data.Length >= 4:
                sense = new ScsiSenseData((byte)(data[1] & 0x0F), data[2], data[3], DescriptorProgress(data));
                return true;
            default:
                return false;
        }
    }

    // Sense key specific descriptor (type 02h).
    private static ushort? DescriptorProgress(ReadOnlySpan<byte> data)
    {
        int end = data.Length >= 8 ? Math.Min(data.Length, 8 + data[7]) : 0;
        for (int at = 8; at + 2 <= end; at += 2 + data[at + 1])
        {
            if (data[at] == 0x02 && at + 7 <= end && (data[at + 4] & 0x80) != 0)
            {
                return BinaryPrimitives.ReadUInt16BigEndian(data[(at + 5)..]);
            }
        }

        return null;
    }
}
