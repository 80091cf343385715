namespace CimHost.VmKernel.Devices.Capture;

/// <summary>Everything that was seen of a machine through its ports.</summary>
internal sealed class MachineCapture
{
    /// <summary>Name of the system.</summary>
    public string SystemName { get; set; } = string.Empty;

    /// <summary>Management controllers, in the order of the ports.</summary>
    public List<CommandLog> Controllers { get; } = [];

    /// <summary>Disks and enclosures, in the order of the ports.</summary>
    public List<CommandLog> Disks { get; } = [];

    /// <summary>HID devices, in the order of the ports.</summary>
    public List<CapturedHid> HidDevices { get; } = [];

    /// <summary>Files by their path without links.</summary>
    public SortedDictionary<string, CapturedEntry> Files { get; } = new(StringComparer.Ordinal);
}
