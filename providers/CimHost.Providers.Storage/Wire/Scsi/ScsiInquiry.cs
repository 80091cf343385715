using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Scsi;

/// <summary>Standard INQUIRY data (SPC-5 §6.6.2).</summary>
/// <param name="DeviceType">Peripheral device type: 00h block, 0Dh enclosure, 14h zoned block.</param>
/// <param name="IsRemovable">The medium can be taken out.</param>
/// <param name="Vendor">T10 vendor identification; "ATA" for an ATA device behind a translation.</param>
/// <param name="Product">Product identification.</param>
/// <param name="Revision">Product revision level.</param>
internal sealed record ScsiInquiry(byte DeviceType, bool IsRemovable, string Vendor, string Product, string Revision)
{
    private const int Least = 36;

    /// <summary>Reads the data.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ScsiInquiry? inquiry, [NotNullWhen(false)] out string? reason)
    {
        inquiry = null;
        reason = data.Length < Least ? $"INQUIRY data have {data.Length} bytes, at least {Least} are needed"
            : data[0] >> 5 == 3 ? "there is no logical unit at this address"
            : null;
        if (reason is not null)
        {
            return false;
        }

        inquiry = new ScsiInquiry((byte)(data[0] & 0x1F), (data[1] & 0x80) != 0, FixedText.Read(data.Slice(8, 8)), FixedText.Read(data.Slice(16, 16)), FixedText.Read(data.Slice(32, 4)));
        return true;
    }
}
