namespace CimHost.VmKernel.Devices.Capture.Live;

/// <summary>An ATA command in a SCSI command (SAT-4 §12.2): the parts by which an answer is known.</summary>
/// <param name="Command">Code of the command.</param>
/// <param name="Feature">Low byte of the features.</param>
/// <param name="Log">Bits 7:0 of the LBA: the log's address.</param>
/// <param name="Page">Bits 15:8 of the LBA: the page of the log in READ LOG EXT.</param>
internal readonly record struct AtaCommandIn(byte Command, byte Feature, byte Log, byte Page)
{
    /// <summary>SMART, and READ LOG EXT.</summary>
    public const byte Smart = 0xB0, ReadLogExt = 0x2F;

    /// <summary>The command; null when it is no ATA PASS-THROUGH.</summary>
    public static AtaCommandIn? Of(ReadOnlySpan<byte> cdb) => cdb switch
    {
        [0x85, ..] when cdb.Length == 16 => new(cdb[14], cdb[4], cdb[8], cdb[10]),
        [0xA1, ..] when cdb.Length == 12 => new(cdb[9], cdb[3], cdb[5], cdb[6]),
        _ => null,
    };
}
