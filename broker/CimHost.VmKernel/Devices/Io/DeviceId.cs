namespace CimHost.VmKernel.Devices.Io;

/// <summary>Stable name of a device: its kind and a name that no other device of the kind has. Written "ipmi:ipmi0", "files:root".</summary>
/// <param name="Kind">Kind of device.</param>
/// <param name="Name">Name among devices of that kind; the name of the port where there is one.</param>
public readonly record struct DeviceId(DeviceKind Kind, string Name)
{
    /// <summary>Kind in lower case, colon, name.</summary>
    public override string ToString() => $"{KindName(Kind)}:{Name}";

    /// <summary>Name of a kind as declarations and messages write it.</summary>
    internal static string KindName(DeviceKind kind) => kind switch
    {
        DeviceKind.Ipmi => "ipmi",
        DeviceKind.Files => "files",
        DeviceKind.Disk => "disk",
        DeviceKind.Hid => "hid",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
