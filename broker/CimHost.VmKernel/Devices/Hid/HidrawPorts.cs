using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Hid;

/// <summary>
/// The HID devices of this computer: what is in /sys/class/hidraw. The folder is looked at when the list is asked for, so that a device
/// is there as soon as it is plugged in. Nothing is opened before it is used.
/// </summary>
public sealed class HidrawPorts : IDisposable
{
    private const int MaxDevices = 256;
    private const int MaxDescriptor = 4096;
    private const string Class = "sys/class/hidraw";

    private readonly string _root;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private Dictionary<string, LinuxHidPort> _ports = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <param name="root">Where /sys and /dev are looked up.</param>
    /// <param name="time">Clock of the reports.</param>
    public HidrawPorts(string root, TimeProvider time) => (_root, _time) = (root, time);

    /// <summary>The devices that are there now, in the order of their names. One that is still there keeps its port.</summary>
    public IReadOnlyList<IHidPort> Ports
    {
        get
        {
            lock (_lock)
            {
                return _disposed ? [] : Rescan();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (LinuxHidPort port in _ports.Values)
            {
                port.Dispose();
            }

            _ports = new(StringComparer.Ordinal);
        }
    }

    private List<IHidPort> Rescan()
    {
        var found = new Dictionary<string, LinuxHidPort>(StringComparer.Ordinal);
        foreach (string node in Nodes())
        {
            // The device behind the node, "0003:051D:0002.0007": its number is never given out again, so that a new device is a new port.
            if (DeviceOf(node) is { } device)
            {
                string key = node + "\n" + device;
                if ((_ports.Remove(key, out LinuxHidPort? known) ? known : Create(node, device)) is { } port)
                {
                    found[key] = port;
                }
            }
        }

        foreach (LinuxHidPort gone in _ports.Values)
        {
            gone.Dispose();
        }

        _ports = found;
        return [.. found.Values.OrderBy(p => p.Name, StringComparer.Ordinal)];
    }

    private IEnumerable<string> Nodes()
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Path.Combine(_root, Class)).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal).Take(MaxDevices)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string? DeviceOf(string node)
    {
        try
        {
            string link = Path.Combine(_root, Class, node);
            string folder = Directory.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName ?? link;
            var device = new DirectoryInfo(Path.Combine(folder, "device"));
            return device.Exists ? device.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? device.FullName : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It went away while it was looked at.
            return null;
        }
    }

    // The attributes read here are in the kernel's memory: no device is asked for them.
    private LinuxHidPort? Create(string node, string device)
    {
        if (Read(Path.Combine(device, "uevent")) is not { } text || !HidrawUevent.TryRead(text, out HidrawUevent? uevent)
            || Read(Path.Combine(device, "report_descriptor")) is not { Length: > 0 } descriptor)
        {
            return null;
        }

        string interfaceFolder = Path.GetDirectoryName(device) ?? string.Empty;
        string interfaceName = Path.GetFileName(interfaceFolder);
        bool onUsb = interfaceName.Length > 0 && char.IsAsciiDigit(interfaceName[0]) && interfaceName.Contains('-', StringComparison.Ordinal);
        string where = onUsb ? interfaceName : Path.GetExtension(device).TrimStart('.');
        string usb = onUsb ? Path.GetDirectoryName(interfaceFolder)! : string.Empty;
        var identity = new HidIdentity(
            uevent!.Bus,
            uevent.VendorId,
            uevent.ProductId,
            onUsb ? ReadText(Path.Combine(usb, "manufacturer")) : string.Empty,
            onUsb && ReadText(Path.Combine(usb, "product")) is { Length: > 0 } product ? product : uevent.Name,
            uevent.UniqueId.Length > 0 ? uevent.UniqueId : onUsb ? ReadText(Path.Combine(usb, "serial")) : string.Empty);
        string path = Path.Combine(_root, "dev", node);
        return new LinuxHidPort(path, $"hid-{uevent.Bus}-{uevent.VendorId:x4}:{uevent.ProductId:x4}-{where}", identity, descriptor, () => HidrawDevice.Open(path), _time);
    }

    private static string ReadText(string path) => Read(path) is { } bytes ? HidrawUevent.Text(System.Text.Encoding.UTF8.GetString(bytes)) : string.Empty;

    private static byte[]? Read(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            byte[] buffer = new byte[MaxDescriptor];
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return buffer[..length];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
