using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Capture.Replay;
using CimHost.VmKernel.Devices.Capture.Text;
using CimHost.VmKernel.Devices.Emulation;
using CimHost.VmKernel.Devices.Emulation.Description;
using CimHost.VmKernel.Devices.Emulation.Disks;
using CimHost.VmKernel.Devices.Emulation.Faults;
using CimHost.VmKernel.Devices.Emulation.Live;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Devices.Capture;

/// <summary>
/// A machine that was captured (<c>cimhost hardware capture</c>) and answers again what it answered then. A request that was not made then
/// is answered as something that is not there, and logged once. What it answers can be changed while it runs.
/// </summary>
public sealed class CapturedMachine : IMachine, ILiveMachine
{
    private readonly MissedRequests _missed;
    private readonly FaultRules _faults = new();
    private readonly ReplayIpmiPort[] _controllers;
    private readonly ReplayDiskPort[] _disks;
    private readonly ReplayHidPort[] _hid;
    private readonly ReplayFileTree _files;

    internal CapturedMachine(MachineCapture capture, TimeProvider time, ILogger logger)
    {
        _missed = new MissedRequests(logger);
        SystemName = capture.SystemName;
        IpmiPorts = _controllers = [.. capture.Controllers.Select(c => new ReplayIpmiPort(c, _missed, _faults, time))];
        Disks = _disks = [.. capture.Disks.Select(d => new ReplayDiskPort(d, _missed, _faults, time))];
        HidDevices = _hid = [.. capture.HidDevices.Select(d => new ReplayHidPort(d, _missed, _faults, time))];
        Files = _files = new ReplayFileTree(capture.Files, _missed, _faults, time);
        Described = Shown = new MachineDescription(
            new MachineIdentity(SystemName, string.Empty, string.Empty, string.Empty, string.Empty, default, null, string.Empty),
            _controllers.FirstOrDefault()?.Described,
            [.. _disks.Select(d => d.Captured.Description)],
            [.. _hid.Select(h => h.Described)],
            []);
    }

    /// <inheritdoc/>
    public event EventHandler? Changed;

    /// <inheritdoc/>
    public string SystemName { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IIpmiPort> IpmiPorts { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IDiskPort> Disks { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<IHidPort> HidDevices { get; private set; }

    /// <inheritdoc/>
    public IFileTree Files { get; }

    /// <summary>What can be changed of the first controller, the disks and the HID devices, as they were.</summary>
    internal MachineDescription Described { get; }

    /// <summary>The same with the changes over it.</summary>
    internal MachineDescription Shown { get; private set; }

    MachineDescription ILiveMachine.Described => Described;

    MachineDescription ILiveMachine.Shown => Shown;

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

    IReadOnlyList<string> ILiveMachine.Settable(DiskDescription disk) => _disks.First(d => d.Name == disk.Name).Captured.Settable;

    void ILiveMachine.SetChanges(IReadOnlyList<LiveChange> changes)
    {
        MachineDescription shown = Shown = LiveChange.Lay(Described, changes);
        _controllers.FirstOrDefault()?.Show(shown.Bmc!);
        Array.ForEach(_disks, port => port.Show(shown.Disks.FirstOrDefault(d => d.Name == port.Name)));
        Array.ForEach(_hid, port => port.Show(shown.HidDevices.FirstOrDefault(h => h.Port == port.Name)));
        _files.Contents = changes.Where(c => c.File is not null).ToDictionary(c => c.File!.Value.Path, c => c.File!.Value.Content, StringComparer.Ordinal);
        _faults.Set([.. changes.SelectMany(c => c.Rules)]);
        IDiskPort[] disks = [.. _disks.Where(port => shown.Disks.Any(d => d.Name == port.Name))];
        IHidPort[] hid = [.. _hid.Where(port => shown.HidDevices.Any(h => h.Port == port.Name))];
        if (!disks.SequenceEqual(Disks) || !hid.SequenceEqual(HidDevices))
        {
            (Disks, HidDevices) = (disks, hid);
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }
}
