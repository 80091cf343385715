using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Hid;

/// <summary>An opened hidraw node: what its system calls do, without their structures. Calls block.</summary>
internal interface IHidrawDevice : IDisposable
{
    /// <summary>Asks for a report: HIDIOCGFEATURE, HIDIOCGINPUT.</summary>
    /// <param name="type">Kind of report.</param>
    /// <param name="reportId">Its number.</param>
    /// <param name="buffer">Takes the report, its number in the first byte.</param>
    /// <returns>Length of the report.</returns>
    /// <exception cref="HardwareException">The kernel or the device refused.</exception>
    int GetReport(HidReportType type, byte reportId, Span<byte> buffer);

    /// <summary>Waits for an input report that the device sends by itself; 0 when none came in that time.</summary>
    /// <exception cref="HardwareException">The device is gone.</exception>
    int Receive(Span<byte> buffer, TimeSpan wait);
}
