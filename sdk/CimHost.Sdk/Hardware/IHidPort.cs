namespace CimHost.Sdk.Hardware;

/// <summary>
/// A HID device, whatever lies between: Linux's hidraw or an emulated machine. Every implementation carries the same bytes, so that one
/// decoder serves them all. Nothing is written to the device.
/// </summary>
public interface IHidPort
{
    /// <summary>Stable name: bus type, vendor, product, and where it is plugged in ("hid-3-051d:0002-1-4:1.0").</summary>
    string Name { get; }

    /// <summary>What the port is attached to, for people: "/dev/hidraw0".</summary>
    string Description { get; }

    /// <summary>Who made the device and which one it is.</summary>
    HidIdentity Identity { get; }

    /// <summary>The report descriptor (HID 1.11 §6.2.2), at most 4096 bytes; the port does not check it.</summary>
    ReadOnlyMemory<byte> ReportDescriptor { get; }

    /// <summary>
    /// Asks the device for a report (GET_REPORT, HID 1.11 §7.2.1). Safe to call from many threads at once; the port carries out one request
    /// after another and bounds how many wait.
    /// </summary>
    /// <param name="type">Kind of report.</param>
    /// <param name="reportId">Number of the report; 0 where the device numbers none.</param>
    /// <param name="length">Longest answer to take in bytes, the report number included; 1 to 4096.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The report with its number in the first byte; it may be shorter than asked for.</returns>
    /// <exception cref="HardwareException">The device refused, did not answer in time, or is gone.</exception>
    ValueTask<HidReport> GetReportAsync(HidReportType type, byte reportId, int length, CancellationToken cancellationToken);

    /// <summary>
    /// The last input report of that number that the device sent by itself; null when none came since the port was first asked. The first
    /// call makes the port listen. Does not wait.
    /// </summary>
    HidReport? LastInput(byte reportId);
}
