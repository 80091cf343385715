using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Capture.Replay;
using CimHost.VmKernel.Devices.Capture.Text;
using CimHost.VmKernel.Devices.Emulation;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Devices.Capture;

/// <summary>
/// A machine that was captured (<c>cimhost hardware capture</c>) and answers again what it answered then. A request that was not made then
/// is answered as something that is not there, and logged once.
/// </summary>
public sealed class CapturedMachine : IMachine
{
    private readonly MissedRequests _missed;

    internal CapturedMachine(MachineCapture capture, TimeProvider time, ILogger logger)
    {
        _missed = new MissedRequests(logger);
        SystemName = capture.SystemName;
        IpmiPorts = [.. capture.Controllers.Select(c => new ReplayIpmiPort(c, _missed))];
        Disks = [.. capture.Disks.Select(d => new ReplayDiskPort(d, _missed))];
        HidDevices = [.. capture.HidDevices.Select(d => new ReplayHidPort(d, _missed, time))];
        Files = new ReplayFileTree(capture.Files, _missed);
    }

    /// <inheritdoc/>
    public string SystemName { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IIpmiPort> IpmiPorts { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IDiskPort> Disks { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IHidPort> HidDevices { get; }

    /// <inheritdoc/>
    public IFileTree Files { get; }

    /// <summary>How many requests there were that had not been captured.</summary>
    public long Missed => _missed.Count;

    /// <summary>True when a directory holds a capture, and no machine that is described.</summary>
    public static bool IsCapture(string directory) => File.Exists(Path.Combine(directory, CaptureDirectory.SystemFile));

    /// <summary>Reads a capture.</summary>
    /// <param name="directory">Directory with capture.txt.</param>
    /// <param name="time">Clock of the reports of HID devices.</param>
    /// <param name="logger">Where requests are told that were not captured.</param>
    /// <exception cref="MachineFileException">A file is missing or wrong; the message says which, where and why.</exception>
    public static CapturedMachine Open(string directory, TimeProvider time, ILogger logger) => new(CaptureDirectory.Read(directory), time, logger);
}
