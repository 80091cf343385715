using System.Text;
using CimHost.VmKernel.Devices.Emulation.Description;
using CimHost.VmKernel.Devices.Emulation.Disks;
using CimHost.VmKernel.Devices.Emulation.Faults;
using CimHost.VmKernel.Devices.Emulation.Hid;

namespace CimHost.VmKernel.Devices.Emulation.Live;

/// <summary>
/// Changes and breaks the parts of an emulated or captured machine while it runs. Nothing is written: changes lie over the machine's files
/// until they are cleared or the process ends. Names are those of <see cref="List"/>: a sensor's name or #NUMBER, a part ("powerSupply.1"), a port
/// ("ipmi0", "sda", "hid-…"), an enclosure's element ("sg12:Fan 1"), a path ("/sys/…"). Safe for threads.
/// </summary>
public sealed class LiveHardware
{
    private const int MostChanges = 500;
    private const int LongestValue = 16 * 1024;
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly ILiveMachine _machine;
    private List<LiveChange> _changes = [];

    internal LiveHardware(ILiveMachine machine) => _machine = machine;

    /// <summary>The changes of a machine; null when it is not of a kind that can be changed.</summary>
    public static LiveHardware? Of(IMachine? machine) => machine is ILiveMachine live ? new LiveHardware(live) : null;

    /// <summary>The parts that can be changed, and the files that were.</summary>
    public IReadOnlyList<HardwareItem> List()
    {
        lock (_lock)
        {
            MachineDescription now = _machine.Shown;
            var items = new List<HardwareItem>();
            if (now.Bmc is { } bmc)
            {
                Add(bmc.Device.Port, "controller", string.Empty, []);
                Add(ChassisEdits.Name, "chassis", ChassisEdits.Shown(bmc.Chassis), ChassisEdits.Settable);
                foreach (SensorDescription s in bmc.Sensors)
                {
                    Add(bmc.Sensors.Count(o => o.Name == s.Name) > 1 ? $"#{s.Number}" : s.Name, "sensor", SensorEdits.Shown(s), SensorEdits.Settable(s));
                }

                foreach (string part in bmc.Sensors.Select(s => SensorEdits.NameOf(s.Entity)).Distinct())
                {
                    Add(part, "part", string.Empty, []);
                }
            }

            // A disk that is pulled is not shown to anybody else, but can be put back.
            foreach (DiskDescription disk in _machine.Described.Disks)
            {
                DiskDescription? there = now.Disks.FirstOrDefault(d => d.Name == disk.Name);
                Add(disk.Name, "disk", there is null ? "unplugged" : DiskEdits.Shown(there), _machine.Settable(disk));
                foreach ((_, _, string name, EnclosureElement element) in DiskEdits.Elements(there))
                {
                    Add($"{disk.Name}:{name}", "element", DiskEdits.Shown(element), [string.Empty]);
                }
            }

            foreach (HidDeviceDescription hid in _machine.Described.HidDevices)
            {
                Add(hid.Port, "hid", now.HidDevices.Any(h => h.Port == hid.Port) ? string.Empty : "unplugged", [.. hid.Reports.Keys.Select(ReportName)]);
            }

            _changes.Select(c => c.Target).Where(t => t.StartsWith('/')).Distinct().ToList().ForEach(path => Add(path, "file", string.Empty, [string.Empty]));
            return items;

            void Add(string name, string kind, string value, IReadOnlyList<string> settable) =>
                items.Add(new HardwareItem(name, kind, value, settable, [.. _changes.Where(c => c.Target == name).Select(c => c.Text)]));
        }
    }

    /// <summary>Changes a value: NAME or NAME:PROPERTY. Returns what was done, as a sentence.</summary>
    /// <exception cref="HardwareChangeException">There is no such name, or it cannot have that value.</exception>
    public string Set(string name, string value)
    {
        if (value.Length > LongestValue)
        {
            throw new HardwareChangeException($"The value has {value.Length} characters; at most {LongestValue} are taken.");
        }

        lock (_lock)
        {
            if (name.StartsWith('/'))
            {
                string path = Path(name);
                string line = value.EndsWith('\n') ? value : value + "\n";
                return Put(new LiveChange(path, "set", $"set {value.Trim()}") { GivenPath = name, File = (path, Encoding.UTF8.GetBytes(line)) });
            }

            (string target, string property) = Split(name);
            string text = property.Length == 0 ? $"set {value}" : $"set {property} {value}";
            if (Sensor(target) is { } sensor)
            {
                return Put(SensorChange(target, sensor, "set " + property, text, s => SensorEdits.Set(s, property, value)));
            }

            if (IsChassis(target))
            {
                return Put(ChassisChange("set " + property, text, c => ChassisEdits.Set(c, property, value)));
            }

            if (Disk(target) is { } disk)
            {
                return Put(Element(disk, property)
                    ? DiskChange(name, disk, "set", text, d => DiskEdits.SetElement(d, property, value))
                    : DiskChange(target, disk, "set " + property, text, d => DiskEdits.Set(d, property, value, _machine.Settable(d))));
            }

            if (Hid(target) is { } hid)
            {
                return Put(Report(hid, property, value, text));
            }

            throw IsPart(target) || target == _machine.Described.Bmc?.Device.Port
                ? new HardwareChangeException($"{target} has no value of its own; set those of its sensors, or break it with hardware fault.")
                : Unknown(name);
        }
    }

    /// <summary>Breaks a part, or puts one back. Returns what was done, as a sentence.</summary>
    /// <exception cref="HardwareChangeException">There is no such name, or it cannot be broken in that way.</exception>
    public string Break(string name, BreakKind kind, BreakOptions options)
    {
        if (options.Delay < TimeSpan.Zero || options.Delay > s_longestDelay || options.Keep is < 0 or > 65_536 || options.Count is < 1)
        {
            throw new HardwareChangeException("A delay is from 0 to 3600 seconds, what is kept from 0 to 65536 bytes, and a count at least 1.");
        }

        lock (_lock)
        {
            (string target, string element) = name.StartsWith('/') ? (Path(name), string.Empty) : Split(name);
            string key = element.Length > 0 ? name : target;
            if (kind == BreakKind.Plug)
            {
                return PutBack(key);
            }

            if (kind == BreakKind.Intrusion && !IsChassis(target))
            {
                throw new HardwareChangeException($"{target} cannot be opened; {ChassisEdits.Name} can.");
            }

            string what = kind.ToString().ToLowerInvariant();
            if (target.StartsWith('/'))
            {
                return Put(new LiveChange(target, what, what) { GivenPath = name, Rules = FileRules(target, kind, options) });
            }

            if (Sensor(target) is { } sensor && element.Length == 0)
            {
                return Put(kind switch
                {
                    BreakKind.Fail => SensorChange(target, sensor, what, what, s => SensorEdits.Fail(s)
                        ?? throw new HardwareChangeException($"{s.Name} has no state that says that its part failed; choose its states with hardware set.")),
                    BreakKind.Unplug => SensorChange(target, sensor, what, what, s => s with { Present = false }),
                    _ => new LiveChange(target, what, what) { Rules = [Rule(kind, options) with { Sensor = target.TrimStart('#') }] },
                });
            }

            if (IsChassis(target))
            {
                return Put(ChassisChange(what, what, c => ChassisEdits.Break(c, kind)));
            }

            if (IsPart(target))
            {
                return Put(kind switch
                {
                    BreakKind.Fail => PartChange(target, what, SensorEdits.FailPart),
                    BreakKind.Unplug => PartChange(target, what, SensorEdits.PullPart),
                    _ => throw new HardwareChangeException($"{target} is a part, which can fail, unplug and plug; its sensors and ports can {what}."),
                });
            }

            if (target == _machine.Described.Bmc?.Device.Port)
            {
                return kind == BreakKind.Unplug
                    ? throw new HardwareChangeException($"{target} is soldered to the board; let it fail instead.")
                    : Put(new LiveChange(target, what, what) { Rules = [kind == BreakKind.Fail ? Rule(FaultEffect.SessionLoss, target, options) : Rule(kind, options) with { Port = target }] });
            }

            if (Disk(target) is { } disk)
            {
                return Put(DiskBreak(key, disk, element, kind, what, options));
            }

            if (Hid(target) is { } hid)
            {
                return Put(kind switch
                {
                    BreakKind.Fail => new LiveChange(target, what, what) { Rules = [Rule(FaultEffect.CompletionCode, hid.Port, options)] },
                    BreakKind.Unplug => new LiveChange(target, what, what) { Edit = m => m with { HidDevices = [.. m.HidDevices.Where(h => h.Port != hid.Port)] } },
                    _ => new LiveChange(target, what, what) { Rules = [Rule(kind, options) with { Port = hid.Port }] },
                });
            }

            throw Unknown(name);
        }
    }

    /// <summary>Takes changes back: those of one name, or all. Returns what was done, as a sentence.</summary>
    /// <exception cref="HardwareChangeException">Nothing of that name was changed.</exception>
    public string Clear(string? name)
    {
        lock (_lock)
        {
            string? target = name is null || !name.StartsWith('/') ? name : _machine.Files.Resolve(name) ?? name;
            int count = _changes.Count(c => target is null || c.IsNamed(target) || c.IsNamed(name!));
            if (count == 0 && name is not null)
            {
                string[] changed = [.. _changes.Select(c => c.Target).Distinct()];
                throw new HardwareChangeException($"Nothing of {name} was changed; {(changed.Length == 0 ? "nothing is changed at all" : $"changed are {string.Join(", ", changed)}")}.");
            }

            Show([.. _changes.Where(c => target is not null && !c.IsNamed(target) && !c.IsNamed(name!))]);
            return $"{count} {(count == 1 ? "change was" : "changes were")} taken back.";
        }
    }

    private static string ReportName((Sdk.Hardware.HidReportType Type, byte Id) report) => $"{report.Type.ToString().ToLowerInvariant()}.{report.Id}";

    private static LiveChange SensorChange(string target, SensorDescription sensor, string what, string text, Func<SensorDescription, SensorDescription> edit)
    {
        // Once before it is put in force: what it refuses is the caller's error.
        _ = edit(sensor);
        return Sensors(target, what, text, s => s.Owner == sensor.Owner && s.Lun == sensor.Lun && s.Number == sensor.Number ? edit(s) : s);
    }

    private static LiveChange Sensors(string target, string what, string text, Func<SensorDescription, SensorDescription> edit) => new(target, what, text)
    {
        Edit = m => m.Bmc is { } bmc ? m with { Bmc = bmc with { Sensors = [.. bmc.Sensors.Select(edit)] } } : m,
    };

    private LiveChange ChassisChange(string what, string text, Func<ChassisDescription, ChassisDescription> edit)
    {
        _ = edit(_machine.Described.Bmc!.Chassis);
        return new LiveChange(ChassisEdits.Name, what, text) { Edit = m => m.Bmc is { } bmc ? m with { Bmc = bmc with { Chassis = edit(bmc.Chassis) } } : m };
    }

    private static LiveChange DiskChange(string target, DiskDescription disk, string what, string text, Func<DiskDescription, DiskDescription> edit)
    {
        _ = edit(disk);
        return new LiveChange(target, what, text) { Edit = m => m with { Disks = [.. m.Disks.Select(d => d.Name == disk.Name && d.GetType() == disk.GetType() ? edit(d) : d)] } };
    }

    private static LiveChange DiskBreak(string target, DiskDescription disk, string element, BreakKind kind, string what, BreakOptions options)
    {
        if (element.Length > 0)
        {
            if (!Element(disk, element))
            {
                throw new HardwareChangeException($"{disk.Name} has no element '{element}'; hardware list shows them.");
            }

            return kind is BreakKind.Fail or BreakKind.Unplug
                ? DiskChange(target, disk, what, what, d => DiskEdits.SetElement(d, element, kind == BreakKind.Fail ? "critical" : "notInstalled"))
                : throw new HardwareChangeException($"{target} is an element, which can fail, unplug and plug; the enclosure {disk.Name} itself can {what}.");
        }

        return kind switch
        {
            BreakKind.Fail => DiskChange(target, disk, what, what, DiskEdits.Fail),
            BreakKind.Unplug => new LiveChange(target, what, what) { Edit = m => m with { Disks = [.. m.Disks.Where(d => d.Name != disk.Name)] } },
            _ => new LiveChange(target, what, what) { Rules = [Rule(kind, options) with { Port = disk.Name }] },
        };
    }

    private static LiveChange Report(HidDeviceDescription hid, string property, string value, string text)
    {
        if (!hid.Reports.Keys.Any(k => ReportName(k) == property))
        {
            throw new HardwareChangeException($"{hid.Port} has no report '{property}'; it has {string.Join(", ", hid.Reports.Keys.Select(ReportName))}. Write {hid.Port}:REPORT.");
        }

        (Sdk.Hardware.HidReportType, byte Id) key = hid.Reports.Keys.First(k => ReportName(k) == property);
        string digits = value.Replace(" ", string.Empty, StringComparison.Ordinal);
        if (digits.Length is 0 or > 8192 || digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit) || Convert.FromHexString(digits) is not { } data || data[0] != key.Id)
        {
            throw new HardwareChangeException($"'{value}' found; expected the bytes of the report in hexadecimal, its number {key.Id:X2} first.");
        }

        return new LiveChange(hid.Port, "set " + property, text)
        {
            Edit = m => m with
            {
                HidDevices = [.. m.HidDevices.Select(h => h.Port == hid.Port ? h with { Reports = new Dictionary<(Sdk.Hardware.HidReportType, byte), byte[]>(h.Reports) { [key] = data } } : h)],
            },
        };
    }

    private static List<FaultRule> FileRules(string path, BreakKind kind, BreakOptions options) => kind switch
    {
        BreakKind.Fail => [new FaultRule { Effect = FaultEffect.Error, Path = path, Count = options.Count }],
        BreakKind.Unplug => [new FaultRule { Effect = FaultEffect.Absent, Path = path }, new FaultRule { Effect = FaultEffect.Absent, Path = path + "/**" }],
        _ => [Rule(kind, options) with { Path = path }],
    };

    private static FaultRule Rule(FaultEffect effect, string port, BreakOptions options) => new() { Effect = effect, Port = port, Count = options.Count };

    private static FaultRule Rule(BreakKind kind, BreakOptions options) => new()
    {
        Effect = kind switch
        {
            BreakKind.Hang => FaultEffect.Hang,
            BreakKind.Slow => FaultEffect.Delay,
            BreakKind.Truncate => FaultEffect.Truncate,
            BreakKind.Corrupt => FaultEffect.Corrupt,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        },
        Delay = options.Delay,
        Keep = options.Keep,
        Offset = options.Offset,
        Count = options.Count,
    };

    private static bool Element(DiskDescription disk, string name) => DiskEdits.Elements(disk).Any(e => e.Name == name);

    private LiveChange PartChange(string part, string what, Func<SensorDescription, EntityReference, SensorDescription> edit)
    {
        EntityReference entity = _machine.Described.Bmc!.Sensors.First(s => SensorEdits.NameOf(s.Entity) == part).Entity;
        return Sensors(part, what, what, s => edit(s, entity));
    }

    private string Put(LiveChange change)
    {
        List<LiveChange> changes = [.. _changes.Where(c => c.Target != change.Target || c.What != change.What), change];
        Show(changes.Count <= MostChanges ? changes : throw new HardwareChangeException($"{MostChanges} changes are in force already; clear some."));
        return $"{change.Target}: {change.Text}.";
    }

    private string PutBack(string target)
    {
        List<LiveChange> left = [.. _changes.Where(c => c.Target != target || c.What != "unplug")];
        Show(left.Count < _changes.Count ? left : throw new HardwareChangeException($"{target} is not unplugged."));
        return $"{target} is plugged in again.";
    }

    private void Show(List<LiveChange> changes)
    {
        _machine.SetChanges(changes);
        _changes = changes;
    }

    // The whole name first: a port of a HID device has colons in it.
    private (string Target, string Property) Split(string name)
    {
        int colon = name.Length;
        while (colon > 0)
        {
            string target = name[..colon];
            if (Sensor(target) is not null || IsChassis(target) || Disk(target) is not null || Hid(target) is not null || IsPart(target) || target == _machine.Described.Bmc?.Device.Port)
            {
                return (target, colon < name.Length ? name[(colon + 1)..] : string.Empty);
            }

            colon = name.LastIndexOf(':', colon - 1);
        }

        throw Unknown(name);
    }

    private SensorDescription? Sensor(string name)
    {
        IReadOnlyList<SensorDescription> sensors = _machine.Described.Bmc?.Sensors ?? [];
        SensorDescription[] found = name.StartsWith('#') ? [.. sensors.Where(s => $"#{s.Number}" == name)] : [.. sensors.Where(s => s.Name == name)];
        return found.Length <= 1
            ? found.FirstOrDefault()
            : throw new HardwareChangeException($"{found.Length} sensors are called {name}; name one by its number: {string.Join(", ", found.Select(s => $"#{s.Number}"))}.");
    }

    private DiskDescription? Disk(string name) => _machine.Described.Disks.FirstOrDefault(d => d.Name == name);

    private HidDeviceDescription? Hid(string name) => _machine.Described.HidDevices.FirstOrDefault(h => h.Port == name);

    // A sensor of that name comes first.
    private bool IsChassis(string name) => name == ChassisEdits.Name && _machine.Described.Bmc is not null && Sensor(name) is null;

    private bool IsPart(string name) => _machine.Described.Bmc?.Sensors.Any(s => SensorEdits.NameOf(s.Entity) == name) == true;

    private string Path(string name) => name.AsSpan().ContainsAny('*', '?')
        ? throw new HardwareChangeException("A path names one file; expected no * or ? in it.")
        : _changes.Find(c => c.IsNamed(name)) is { } known ? known.Target
        : _machine.Files.Resolve(name) ?? throw new HardwareChangeException($"The machine has no {name}.");

    private HardwareChangeException Unknown(string name)
    {
        string[] near = [.. List().Select(i => i.Name).Select(n => (Name: n, Distance: Distance(name.ToUpperInvariant(), n.ToUpperInvariant())))
            .Where(n => n.Distance <= Math.Max(2, name.Length / 3)).OrderBy(n => n.Distance).Take(3).Select(n => n.Name)];
        return new HardwareChangeException(
            $"The machine has no {(name.Length <= 100 ? name : name[..100] + "…")}; {(near.Length == 0 ? "hardware list shows what it has" : $"did you mean {string.Join(" or ", near)}?")}");
    }

    // Levenshtein's distance, of names of at most 100 characters.
    private static int Distance(string a, string b)
    {
        if (a.Length > 100 || b.Length > 100)
        {
            return int.MaxValue;
        }

        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int next = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], next);
            }
        }

        return row[b.Length];
    }
}
