using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Controller;
using CimHost.VmKernel.Devices.Emulation.Description;
using CimHost.VmKernel.Devices.Emulation.Disks;
using CimHost.VmKernel.Devices.Emulation.Faults;
using CimHost.VmKernel.Devices.Emulation.FileTree;
using CimHost.VmKernel.Devices.Emulation.Hid;
using CimHost.VmKernel.Devices.Emulation.Live;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Devices.Emulation;

/// <summary>
/// A machine described by the files of a directory (see samples/machines/rack-server/README.md): its management controller answers the
/// bytes that a real one would, its /sys and /proc are folders. The files are looked at again at most twice a second when a request
/// comes, so that an edited value shows in the next query; an edit with an error keeps the old content and logs one line.
/// </summary>
public sealed partial class EmulatedMachine : IMachine, ILiveMachine
{
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(500);

    // A file whose time of change is this close to the moment of reading may change again without a new time.
    private static readonly TimeSpan s_clockGrain = TimeSpan.FromMilliseconds(100);
    private readonly MachineDirectory _files;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EmulatedBmc? _bmc;
    private readonly DiskShelf _disks;
    private readonly EmulatedHidDevices _hid;
    private readonly EmulatedFileTree _tree;
    private readonly Lock _lock = new();
    private IReadOnlyList<LiveChange> _changes = [];
    private Dictionary<string, (DateTime Changed, long Length)> _stamp;
    private Dictionary<string, byte[]> _content;
    private bool _fresh;
    private bool _devicesChanged;
    private string? _refused;
    private long _looked;

    private EmulatedMachine(string root, TimeProvider time, ILogger logger)
    {
        (_time, _logger, Directory) = (time, logger, root);
        _files = new MachineDirectory(root);
        _stamp = _files.Stamp();
        _content = _files.ReadAll();
        _fresh = IsFresh(_stamp);
        _looked = time.GetTimestamp();
        MachineDescription description = MachineReader.Read(_content);
        (Identity, Described, Shown) = (description.Identity, description, description);
        Faults.SetFromFile(description.Faults);
        _bmc = description.Bmc is { } bmc ? new EmulatedBmc(bmc, root, Faults, time, Look) : null;
        _hid = new EmulatedHidDevices(root, Faults, time, Look);
        _hid.Load(description.HidDevices);
        Files = _tree = new EmulatedFileTree(root, Faults, time, Look);
        IpmiPorts = _bmc is null ? [] : [_bmc];
        _disks = new DiskShelf(Faults, time, Look);
        _disks.Load(description.Disks);
    }

    /// <inheritdoc/>
    public event EventHandler? Changed;

    /// <summary>Directory that describes the machine, an absolute path.</summary>
    public string Directory { get; }

    /// <summary>What machine.json says.</summary>
    public MachineIdentity Identity { get; private set; }

    /// <summary>Faults in force.</summary>
    public FaultRules Faults { get; } = new();

    /// <inheritdoc/>
    public string SystemName => Identity.SystemName;

    /// <inheritdoc/>
    public IReadOnlyList<IIpmiPort> IpmiPorts { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IDiskPort> Disks
    {
        get
        {
            Look();
            return _disks.Disks;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<IHidPort> HidDevices => _hid.Ports;

    /// <inheritdoc/>
    public IFileTree Files { get; }

    /// <summary>What the files say.</summary>
    internal MachineDescription Described { get; private set; }

    /// <summary>What the machine shows: the files with the changes over them.</summary>
    internal MachineDescription Shown { get; private set; }

    MachineDescription ILiveMachine.Described => Described;

    MachineDescription ILiveMachine.Shown => Shown;

    /// <summary>Opens the machine that a directory describes.</summary>
    /// <param name="directory">Directory with machine.json.</param>
    /// <param name="time">Clock of the machine: event times, moving values, delays.</param>
    /// <param name="logger">Where a later edit with an error is told.</param>
    /// <exception cref="MachineFileException">The directory or a file in it is missing or wrong.</exception>
    public static EmulatedMachine Open(string directory, TimeProvider time, ILogger logger)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        return System.IO.Directory.Exists(root)
            ? new EmulatedMachine(root, time, logger)
            : throw new MachineFileException($"{directory}: there is no such directory; expected one with a machine.json.");
    }

    /// <summary>Looks at the files now, whatever the time of the last look.</summary>
    public void Refresh()
    {
        lock (_lock)
        {
            _looked = _time.GetTimestamp();
            Reload();
        }

        TellChange();
    }

    IReadOnlyList<string> ILiveMachine.Settable(DiskDescription disk) => DiskEdits.Settable(disk);

    void ILiveMachine.SetChanges(IReadOnlyList<LiveChange> changes)
    {
        lock (_lock)
        {
            _changes = changes;
            Show();
            _tree.Contents = changes.Where(c => c.File is not null).ToDictionary(c => c.File!.Value.Path, c => c.File!.Value.Content, StringComparer.Ordinal);
            Faults.Set([.. changes.SelectMany(c => c.Rules)]);
        }

        TellChange();
    }

    private static bool IsFresh(Dictionary<string, (DateTime Changed, long Length)> stamp) => stamp.Values.Any(s => s.Changed > DateTime.UtcNow - s_clockGrain);

    private void Look()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _looked)) < s_lookInterval)
        {
            return;
        }

        lock (_lock)
        {
            if (_time.GetElapsedTime(_looked) >= s_lookInterval)
            {
                Volatile.Write(ref _looked, _time.GetTimestamp());
                Reload();
            }
        }

        TellChange();
    }

    // Outside the lock: a listener may ask this machine.
    private void TellChange()
    {
        if (Interlocked.Exchange(ref _devicesChanged, false))
        {
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }

    private void Reload()
    {
        try
        {
            Dictionary<string, (DateTime Changed, long Length)> stamp = _files.Stamp();
            if (!_fresh && Same(stamp, _stamp, (a, b) => a == b))
            {
                return;
            }

            (_stamp, _fresh) = (stamp, IsFresh(stamp));
            Dictionary<string, byte[]> content = _files.ReadAll();
            if (Same(content, _content, (a, b) => a.AsSpan().SequenceEqual(b)))
            {
                return;
            }

            // Kept whether it is good or not: the same error is told once.
            _content = content;
            Apply(MachineReader.Read(content));
            _refused = null;
            LogReloaded(_logger, Directory);
        }
        catch (Exception e) when (e is MachineFileException or IOException or UnauthorizedAccessException)
        {
            if (_refused != e.Message)
            {
                _refused = e.Message;
                LogRefused(_logger, Directory, e.Message);
            }
        }
    }

    private void Apply(MachineDescription description)
    {
        if (description.Bmc is { } bmc && _bmc is not null)
        {
            if (bmc.Device.Port != _bmc.Name)
            {
                throw new MachineFileException($"bmc/device.json: $.port: the name changed from {_bmc.Name} to {bmc.Device.Port}; expected the same name until the machine is opened again.");
            }
        }
        else if (description.Bmc is not null != _bmc is not null)
        {
            throw new MachineFileException("bmc: a management controller came or went; expected none to while the machine is open.");
        }

        Identity = description.Identity;
        Faults.SetFromFile(description.Faults);
        Described = description;
        Show();
    }

    private void Show()
    {
        Shown = LiveChange.Lay(Described, _changes);
        if (Shown.Bmc is { } bmc)
        {
            _bmc?.Load(bmc);
        }

        _devicesChanged |= _disks.Load(Shown.Disks) | _hid.Load(Shown.HidDevices);
    }

    private static bool Same<T>(Dictionary<string, T> a, Dictionary<string, T> b, Func<T, T, bool> equal) =>
        a.Count == b.Count && a.All(p => b.TryGetValue(p.Key, out T? other) && equal(p.Value, other));

    [LoggerMessage(2301, LogLevel.Information, "The emulated machine {Directory} was read again after its files changed.")]
    private static partial void LogReloaded(ILogger logger, string directory);

    [LoggerMessage(2302, LogLevel.Warning, "The emulated machine {Directory} keeps its old content: {Reason}")]
    private static partial void LogRefused(ILogger logger, string directory, string reason);
}
