using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Disks;

/// <summary>Sense data and the answers made of them (SPC-5 §4.4).</summary>
internal static class ScsiSense
{
    private const byte CheckCondition = 0x02;

    public static ScsiResponse InvalidOpcode => Refuse(0x05, 0x20, 0x00);

    public static ScsiResponse InvalidField => Refuse(0x05, 0x24, 0x00);

    /// <summary>HARDWARE ERROR, internal target failure.</summary>
    public static ScsiResponse InternalFailure => Refuse(0x04, 0x44, 0x00);

    /// <summary>Sense data of fixed format.</summary>
    public static byte[] Fixed(byte key, byte code, byte qualifier)
    {
        byte[] sense = new byte[18];
        (sense[0], sense[2], sense[7], sense[12], sense[13]) = (0x70, key, 10, code, qualifier);
        return sense;
    }

    /// <summary>Status CHECK CONDITION with sense data of fixed format.</summary>
    public static ScsiResponse Refuse(byte key, byte code, byte qualifier) => new(CheckCondition, Fixed(key, code, qualifier), default);

    public static ScsiResponse Good(ReadOnlyMemory<byte> data = default) => new(0, default, data);

    /// <summary>CHECK CONDITION with the registers of an ATA command (SAT-4 §12.2.2.7: ATA Status Return descriptor).</summary>
    public static ScsiResponse AtaReturn(AtaRegisters r, bool extended, ReadOnlyMemory<byte> data)
    {
        byte[] sense = new byte[22];
        bool failed = (r.Status & 0x01) != 0;
        (sense[0], sense[1], sense[2], sense[3], sense[7]) = (0x72, (byte)(failed ? 0x0B : 0x01), 0, (byte)(failed ? 0x00 : 0x1D), 14);
        (sense[8], sense[9], sense[10], sense[11]) = (0x09, 0x0C, (byte)(extended ? 1 : 0), r.Error);
        (sense[12], sense[13]) = ((byte)(r.Count >> 8), (byte)r.Count);
        (sense[14], sense[15]) = ((byte)(r.Lba >> 24), (byte)r.Lba);
        (sense[16], sense[17]) = ((byte)(r.Lba >> 32), (byte)(r.Lba >> 8));
        (sense[18], sense[19]) = ((byte)(r.Lba >> 40), (byte)(r.Lba >> 16));
        (sense[20], sense[21]) = (r.Device, r.Status);
        return new ScsiResponse(CheckCondition, sense, data);
    }
}
