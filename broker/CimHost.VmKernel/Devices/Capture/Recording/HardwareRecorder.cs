using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Capture.Redaction;
using CimHost.VmKernel.Devices.Capture.Text;
using CimHost.VmKernel.Devices.Io;

namespace CimHost.VmKernel.Devices.Capture.Recording;

/// <summary>
/// Writes down what goes through the ports of a <see cref="HostHardware"/> that was opened with it
/// (<see cref="HardwareOptions.Recorder"/>). One recorder is for one recording.
/// </summary>
public sealed class HardwareRecorder
{
    private const long MostBytes = 256L * 1024 * 1024;
    private const int MostEntries = 500_000;
    private const int MostReasons = 8;

    private readonly Lock _lock = new();
    private readonly RecordingLimits _limits = new(MostBytes, MostEntries);

    /// <summary>How many requests were not written down because there was no room for more.</summary>
    public int LeftOut => _limits.LeftOut;

    internal MachineCapture Capture { get; } = new();

    /// <summary>Writes what was recorded into a directory that is there and empty. To be called after the hardware was closed.</summary>
    /// <param name="directory">Where to.</param>
    /// <param name="systemName">Name of the system.</param>
    /// <param name="keepIdentifiers">False: serial numbers, addresses and the like are replaced by others of the same length.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public CaptureReport Write(string directory, string systemName, bool keepIdentifiers)
    {
        Capture.SystemName = systemName;
        int replaced = keepIdentifiers ? 0 : CaptureRedaction.Apply(Capture);
        CaptureDirectory.Write(Capture, directory);
        return new CaptureReport(
            [
                .. Capture.Controllers.Concat(Capture.Disks).Select(Report),
                .. Capture.HidDevices.Select(Report),
                Report("files", Capture.Files.Values.Count(e => e.Parts is not null), [.. Capture.Files.Values.Select(e => e.Fault)]),
            ],
            replaced,
            LeftOut);
    }

    internal IDeviceDriver Wrap(IDeviceDriver driver) => new RecordingDriver(driver, this);

    // A device that goes away and comes back is the same one.
    internal object Record(object port)
    {
        lock (_lock)
        {
            switch (port)
            {
                case IIpmiPort ipmi:
                    CommandLog? controller = Capture.Controllers.Find(c => c.Name == ipmi.Name);
                    if (controller is null)
                    {
                        controller = new CommandLog(ipmi.Name, CommandLog.Ipmi) { Description = ipmi.Description, Concurrency = ipmi.Concurrency };
                        Capture.Controllers.Add(controller);
                    }

                    return new RecordingIpmiPort(ipmi, controller, _limits);
                case IDiskPort disk:
                    CommandLog? log = Capture.Disks.Find(d => d.Name == disk.Name && d.Location == disk.Location && d.DiskProtocol == disk.Protocol);
                    if (log is null)
                    {
                        log = new CommandLog(disk.Name, disk.Protocol == DiskProtocol.Nvme ? CommandLog.Nvme : CommandLog.Scsi) { Description = disk.Description, Location = disk.Location };
                        Capture.Disks.RemoveAll(d => d.Name == disk.Name);
                        Capture.Disks.Add(log);
                    }

                    return new RecordingDiskPort(disk, log, _limits);
                case IHidPort hid:
                    CapturedHid? device = Capture.HidDevices.Find(d => d.Name == hid.Name);
                    if (device is null)
                    {
                        device = new CapturedHid(hid.Name) { Description = hid.Description, Identity = hid.Identity, Descriptor = hid.ReportDescriptor.ToArray() };
                        Capture.HidDevices.Add(device);
                    }

                    return new RecordingHidPort(hid, device, _limits, TimeProvider.System);
                case IFileTree files:
                    return new RecordingFileTree(files, Capture, _limits);
                default:
                    throw new ArgumentException("There is no such kind of port.", nameof(port));
            }
        }
    }

    private static CapturedDevice Report(CommandLog log) => Report(log.Name, log.Exchanges.Values.Count(e => e.Fault is null), [.. log.Exchanges.Values.Select(e => e.Fault)]);

    private static CapturedDevice Report(CapturedHid device) => Report(device.Name, device.Reports.Values.Count(r => r.Fault is null), [.. device.Reports.Values.Select(r => r.Fault)]);

    private static CapturedDevice Report(string name, int answers, CapturedFault?[] faults)
    {
        string[] reasons = [.. faults.OfType<CapturedFault>().Select(f => CaptureText.OneLine(f.Message))];
        return new CapturedDevice(name, answers, reasons.Length, [.. reasons.Distinct().Order(StringComparer.Ordinal).Take(MostReasons)]);
    }
}
