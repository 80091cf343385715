using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Hid;

/// <summary>A HID device of an emulated machine: hid/*.json.</summary>
/// <param name="Port">Name of its port.</param>
/// <param name="Identity">What the bus says of it.</param>
/// <param name="ReportDescriptor">Its report descriptor.</param>
/// <param name="Reports">The reports that it gives, each with its number in the first byte.</param>
/// <param name="Timeout">How long its driver waits for an answer.</param>
internal sealed record HidDeviceDescription(
    string Port, HidIdentity Identity, byte[] ReportDescriptor, IReadOnlyDictionary<(HidReportType Type, byte Id), byte[]> Reports, TimeSpan Timeout);
