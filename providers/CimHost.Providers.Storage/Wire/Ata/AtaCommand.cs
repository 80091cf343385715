using System.Buffers.Binary;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>An ATA command, and how it travels in a SCSI command (SAT-4 §12.2).</summary>
/// <param name="Command">Command register.</param>
/// <param name="Features">Features register, 16 bits in extended commands.</param>
/// <param name="Count">Count register, 16 bits in extended commands.</param>
/// <param name="Lba">LBA registers, 48 bits in extended commands and 24 in others.</param>
/// <param name="Blocks">Blocks of 512 bytes that the device returns.</param>
/// <param name="Extended">True for 48-bit commands.</param>
internal readonly record struct AtaCommand(byte Command, ushort Features = 0, ushort Count = 0, ulong Lba = 0, int Blocks = 0, bool Extended = false)
{
    private const ulong SmartSignature = 0xC24F00;
    private const byte NonData = 3;
    private const byte PioDataIn = 4;

    public static AtaCommand IdentifyDevice => new(0xEC, Count: 1, Blocks: 1);

    /// <summary>CHECK POWER MODE; never wakes a disk.</summary>
    public static AtaCommand CheckPowerMode => new(0xE5);

    public static AtaCommand SmartReadData => new(0xB0, 0xD0, 1, SmartSignature, 1);

    public static AtaCommand SmartReadThresholds => new(0xB0, 0xD1, 1, SmartSignature | 1, 1);

    public static AtaCommand SmartReturnStatus => new(0xB0, 0xDA, 0, SmartSignature);

    /// <summary>SMART READ LOG.</summary>
    public static AtaCommand SmartReadLog(byte log, byte blocks) => new(0xB0, 0xD5, blocks, SmartSignature | log, blocks);

    /// <summary>SMART EXECUTE OFF-LINE IMMEDIATE: 1 short, 2 extended self-test, 7Fh abort.</summary>
    public static AtaCommand SmartExecute(byte subcommand) => new(0xB0, 0xD4, 0, SmartSignature | subcommand);

    /// <summary>READ LOG EXT of a page of a log.</summary>
    public static AtaCommand ReadLogExt(byte log, ushort page, ushort blocks) =>
        new(0x2F, 0, blocks, log | ((ulong)(page & 0xFF) << 8) | ((ulong)(page >> 8) << 32), blocks, Extended: true);

    /// <summary>The command as ATA PASS-THROUGH.</summary>
    /// <param name="twelve">ATA PASS-THROUGH (12), which old bridges know only; extended commands do not fit in.</param>
    public ScsiCommand ToScsi(bool twelve = false)
    {
        // T_LENGTH 2: the count register says how many; BYT_BLOK 1: blocks; T_DIR 1: from the device; CK_COND: give the registers back.
        byte flags = (byte)(Blocks > 0 ? 0x0E : 0x20);
        byte protocol = (byte)((Blocks > 0 ? PioDataIn : NonData) << 1);
        byte[] cdb = new byte[twelve ? 12 : 16];
        if (twelve)
        {
            (cdb[0], cdb[1], cdb[2], cdb[3], cdb[4]) = (0xA1, protocol, flags, (byte)Features, (byte)Count);
            (cdb[5], cdb[6], cdb[7], cdb[9]) = ((byte)Lba, (byte)(Lba >> 8), (byte)(Lba >> 16), Command);
        }
        else
        {
            (cdb[0], cdb[1], cdb[2]) = (0x85, (byte)(protocol | (Extended ? 1 : 0)), flags);
            BinaryPrimitives.WriteUInt16BigEndian(cdb.AsSpan(3), Features);
            BinaryPrimitives.WriteUInt16BigEndian(cdb.AsSpan(5), Count);
            (cdb[7], cdb[8]) = ((byte)(Lba >> 24), (byte)Lba);
            (cdb[9], cdb[10]) = ((byte)(Lba >> 32), (byte)(Lba >> 8));
            (cdb[11], cdb[12]) = ((byte)(Lba >> 40), (byte)(Lba >> 16));
            cdb[14] = Command;
        }

        return new ScsiCommand(cdb, Blocks > 0 ? DataDirection.FromDevice : DataDirection.None, Blocks * AtaSector.Length);
    }
}
