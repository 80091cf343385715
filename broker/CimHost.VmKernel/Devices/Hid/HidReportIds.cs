namespace CimHost.VmKernel.Devices.Hid;

/// <summary>Whether a device numbers its reports; hidraw needs to know nothing else of a descriptor.</summary>
internal static class HidReportIds
{
    private const byte LongItem = 0xFE;
    private const byte ReportId = 0x84;

    /// <summary>True when the descriptor has a Report ID item (HID 1.11 §6.2.2.7). A descriptor that breaks off is read as far as it goes.</summary>
    public static bool AreUsed(ReadOnlySpan<byte> descriptor)
    {
        while (!descriptor.IsEmpty)
        {
            byte prefix = descriptor[0];
            int length = prefix == LongItem ? 3 + (descriptor.Length > 1 ? descriptor[1] : 0) : 1 + ((prefix & 3) == 3 ? 4 : prefix & 3);
            if ((prefix & 0xFC) == ReportId)
            {
                return true;
            }

            descriptor = descriptor[Math.Min(length, descriptor.Length)..];
        }

        return false;
    }
}
