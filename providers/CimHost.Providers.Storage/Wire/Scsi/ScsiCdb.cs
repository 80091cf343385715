using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Wire.Scsi;

/// <summary>The SCSI commands that are used (SPC-5, SBC-4).</summary>
internal static class ScsiCdb
{
    public static ScsiCommand TestUnitReady => new(new byte[6]);

    public static ScsiCommand RequestSense => ScsiCommand.Read(new byte[] { 0x03, 0, 0, 0, 252, 0 }, 252);

    public static ScsiCommand Inquiry => ScsiCommand.Read(new byte[] { 0x12, 0, 0, 0, 96, 0 }, 96);

    public static ScsiCommand ReadCapacity => ScsiCommand.Read(new byte[] { 0x9E, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0 }, 32);

    /// <summary>INQUIRY of a vital product data page.</summary>
    public static ScsiCommand Vpd(byte page)
    {
        const int Length = 1020;
        return ScsiCommand.Read(new byte[] { 0x12, 0x01, page, Length >> 8, Length & 0xFF, 0 }, Length);
    }

    /// <summary>LOG SENSE of the cumulative values of a page.</summary>
    public static ScsiCommand LogSense(byte page, byte subpage = 0)
    {
        const int Length = 16 * 1024;
        return ScsiCommand.Read(new byte[] { 0x4D, 0, (byte)(0x40 | page), subpage, 0, 0, 0, Length >> 8, Length & 0xFF, 0 }, Length);
    }

    /// <summary>The header of the grown defect list, as READ DEFECT DATA (12) or (10), long block format.</summary>
    public static ScsiCommand GrownDefects(bool twelve) => twelve
        ? ScsiCommand.Read(new byte[] { 0xB7, 0x0B, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0 }, 8)
        : ScsiCommand.Read(new byte[] { 0x37, 0, 0x0B, 0, 0, 0, 0, 0, 4, 0 }, 4);

    /// <summary>SEND DIAGNOSTIC: 1 background short, 2 background extended, 4 abort.</summary>
    public static ScsiCommand SendDiagnostic(byte selfTestCode) => new(new byte[] { 0x1D, (byte)(selfTestCode << 5), 0, 0, 0, 0 });

    /// <summary>RECEIVE DIAGNOSTIC RESULTS of a page.</summary>
    public static ScsiCommand ReceiveDiagnostic(byte page)
    {
        const int Length = 32 * 1024;
        return ScsiCommand.Read(new byte[] { 0x1C, 0x01, page, Length >> 8, Length & 0xFF, 0 }, Length);
    }
}
