using System.Text;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io.Statistics;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.FileSystem.Generated;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Devices.Io;

/// <summary>
/// Nodes of the attached devices in /dev, for people and tools that look around: reading one tells what the device is and its statistics,
/// as they are when it is opened. Requests go to ports, not through nodes.
/// </summary>
public sealed partial class DeviceNodes : IDisposable
{
    // First of the character majors for local use (Linux, Documentation/admin-guide/devices.txt: 240-254).
    private const uint Major = 240;
    private const int ReadableByAll = 0x124; // 0444

    private readonly Lock _lock = new();
    private readonly DeviceRegistry _registry;
    private readonly DevFs _dev;
    private readonly ILogger _logger;
    private readonly Dictionary<string, (Device Device, uint Minor)> _nodes = [];
    private bool _disposed;

    /// <summary>Adds the nodes, and keeps them as devices come and go until it is disposed.</summary>
    public DeviceNodes(DeviceRegistry registry, DevFs dev, ILogger<DeviceNodes> logger)
    {
        (_registry, _dev, _logger) = (registry, dev, logger);
        registry.Changed += OnChanged;
        Update();
    }

    /// <summary>Removes the nodes.</summary>
    public void Dispose()
    {
        _registry.Changed -= OnChanged;
        lock (_lock)
        {
            _disposed = true;
        }

        Update();
    }

    /// <summary>What a node tells: lines of a name and a value.</summary>
    internal static string Describe(Device device)
    {
        IoStatistics total = device.GetStatistics().Total;
        var text = new StringBuilder();
        void Line(string name, object? value) => text.Append($"{name,-12}{value}\n");
        Line("device", device.Id);
        Line("driver", device.DriverName);
        Line("attached-to", device.Description);
        Line("state", $"{device.State} since {device.Since:yyyy-MM-ddTHH:mm:ssZ}");
        Line("requests", total.Requests);
        Line("succeeded", total.Succeeded);
        Line("bytes", total.Bytes);
        Line("errors", string.Join(' ', Enum.GetValues<HardwareFault>().Select(fault => $"{fault}={total.ErrorsOf(fault)}")));
        Line("other", $"timeouts={total.Timeouts} cancelled={total.Cancelled} aborts={total.Aborts} retries={total.Retries} refused={total.Refused}");
        Line("now", $"queued={total.Queued} in-flight={total.InFlight} overdue={total.Overdue}");
        Line("queue", Describe(total.QueueTime));
        Line("service", Describe(total.ServiceTime));
        return text.ToString();
    }

    private static string Describe(LatencyHistogram histogram) =>
        $"mean={histogram.Mean.TotalMicroseconds:0}us p50<{Microseconds(histogram.Quantile(0.5))} p99<{Microseconds(histogram.Quantile(0.99))}";

    private static string Microseconds(TimeSpan time) => time == TimeSpan.MaxValue ? "inf" : $"{time.TotalMicroseconds:0}us";

    private static DeviceFile Open(Device device, OpenFlags flags)
    {
        byte[] text = Encoding.UTF8.GetBytes(Describe(device));
        int position = 0;
        int Read(Memory<byte> buffer)
        {
            lock (text)
            {
                int length = Math.Min(buffer.Length, text.Length - position);
                text.AsMemory(position, length).CopyTo(buffer);
                position += length;
                return length;
            }
        }

        return new DeviceFile(flags, Read, _ => throw FileErrors.Of(Errno.EINVAL, "/dev/" + device.Node));
    }

    private static bool IsUsable(string node) =>
        node.Split('/').All(part => part.Length > 0 && part is not ("." or "..") && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'));

    private void OnChanged(DeviceChange change) => Update();

    private void Update()
    {
        lock (_lock)
        {
            Device[] wanted = _disposed ? [] : [.. _registry.Devices.Where(device => device is { State: DeviceState.Attached, Node: not null })];
            foreach ((string node, (Device device, _)) in _nodes)
            {
                if (!wanted.Contains(device))
                {
                    _dev.Remove(node);
                    _nodes.Remove(node);
                }
            }

            foreach (Device device in wanted.Where(device => !_nodes.ContainsKey(device.Node!)))
            {
                Add(device, device.Node!);
            }
        }
    }

    private void Add(Device device, string node)
    {
        if (!IsUsable(node))
        {
            LogNoNode(device.Id, node, "it is no name for a node");
            return;
        }

        uint minor = 0;
        while (_nodes.Values.Any(taken => taken.Minor == minor))
        {
            minor++;
        }

        try
        {
            _dev.AddCharacterDevice(node, Major, minor, ReadableByAll, (flags, _) => Open(device, flags));
            _nodes.Add(node, (device, minor));
        }
        catch (KernelException e)
        {
            LogNoNode(device.Id, node, e.Message);
        }
    }

    [LoggerMessage(4008, LogLevel.Warning, "{Device} has no node /dev/{Node}: {Reason}")]
    private partial void LogNoNode(DeviceId device, string node, string reason);
}
