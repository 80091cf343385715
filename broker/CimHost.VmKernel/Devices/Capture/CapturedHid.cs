using System.Collections.Concurrent;
using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Capture;

/// <summary>A HID device with the reports that it gave.</summary>
/// <param name="Name">Name of the port.</param>
internal sealed record CapturedHid(string Name)
{
    /// <summary>What the port was attached to, for people.</summary>
    public string Description { get; set; } = string.Empty;

    public HidIdentity Identity { get; set; } = new(0, 0, 0);

    public byte[] Descriptor { get; set; } = [];

    /// <summary>Reports that were asked for.</summary>
    public ConcurrentDictionary<(HidReportType Type, byte Id), CapturedReport> Reports { get; } = new();

    /// <summary>Input reports that the device sent by itself.</summary>
    public ConcurrentDictionary<byte, byte[]> Sent { get; } = new();
}
