using System.Globalization;
using CimHost.VmKernel.Devices.Emulation.Disks;

namespace CimHost.VmKernel.Devices.Emulation.Live;

/// <summary>Changes of disks and of the elements of enclosures.</summary>
internal static class DiskEdits
{
    // SMART attributes: reallocated sectors, and the two that hold the temperature.
    private const byte Reallocated = 5, Airflow = 190, Temperature = 194;

    private static readonly string[] s_status = ["unsupported", "ok", "critical", "nonCritical", "unrecoverable", "notInstalled", "unknown", "notAvailable"];

    /// <summary>Names of what <see cref="Set"/> takes; "attribute.N" stands for each SMART attribute.</summary>
    public static IReadOnlyList<string> Settable(DiskDescription disk) => disk switch
    {
        AtaDescription ata => ["temperature", "failing", "powerMode", .. ata.Attributes.Select(a => $"attribute.{a.Id}")],
        NvmeDescription => ["temperature", "criticalWarning", "availableSpare", "percentageUsed"],
        ScsiDescription => ["temperature", "grownDefects", "percentageUsed", "powerMode"],
        _ => [],
    };

    /// <summary>Temperature and state for people.</summary>
    public static string Shown(DiskDescription disk) => disk switch
    {
        AtaDescription a => $"{((int?)a.Temperature?.Current ?? a.Attributes.Find(x => x.Id is Temperature or Airflow)?.Raw[0])?.ToString(CultureInfo.InvariantCulture) ?? "?"} °C{(a.Failing ? ", failing" : string.Empty)}",
        NvmeDescription n => $"{n.Health.Temperature} °C{(n.Health.CriticalWarning != 0 ? $", warning {n.Health.CriticalWarning:X2}h" : string.Empty)}",
        ScsiDescription s => $"{s.Temperature?.ToString(CultureInfo.InvariantCulture) ?? "?"} °C{(s.ExceptionCode != 0 ? $", exception {s.ExceptionCode:X2}h/{s.ExceptionQualifier:X2}h" : string.Empty)}",
        _ => string.Empty,
    };

    /// <summary>The disk with another value.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="property">What is set.</param>
    /// <param name="value">The value as it was given.</param>
    /// <param name="settable">What can be set of it: <see cref="Settable"/>, or less.</param>
    public static DiskDescription Set(DiskDescription disk, string property, string value, IReadOnlyList<string> settable) => (disk, property) switch
    {
        _ when !settable.Contains(property) => throw new HardwareChangeException(
            $"{disk.Name} has no '{property}' to set; {(settable.Count > 0 ? $"it has {string.Join(", ", settable)}" : "its elements have their status")}. Write {disk.Name}:PROPERTY."),
        (AtaDescription or ScsiDescription, "powerMode") => value is "active" or "idle" or "standby"
            ? disk with { PowerMode = value }
            : throw new HardwareChangeException($"'{value}' is no power mode; there are active, idle, standby."),
        (AtaDescription a, "failing") => a with { Failing = SensorEdits.Flag(value) },
        (AtaDescription a, "temperature") => Heat(a, (sbyte)Number(value, -40, 127)),
        (AtaDescription a, _) when property.StartsWith("attribute.", StringComparison.Ordinal) => Raw(a, property, Number(value, 0, 0xFFFF_FFFF_FFFF)),
        (NvmeDescription n, "temperature") => n with { Health = n.Health with { Temperature = (int)Number(value, -40, 300) } },
        (NvmeDescription n, "criticalWarning") => n with { Health = n.Health with { CriticalWarning = (byte)Number(value, 0, 255) } },
        (NvmeDescription n, "availableSpare") => n with { Health = n.Health with { AvailableSpare = (byte)Number(value, 0, 100) } },
        (NvmeDescription n, "percentageUsed") => n with { Health = n.Health with { PercentageUsed = (byte)Number(value, 0, 255) } },
        (ScsiDescription s, "temperature") => s with { Temperature = (int)Number(value, 0, 254) },
        (ScsiDescription s, "grownDefects") => s with { GrownDefects = (uint)Number(value, 0, uint.MaxValue) },
        (ScsiDescription s, "percentageUsed") => s with { PercentageUsed = (byte)Number(value, 0, 255) },
        _ => throw new ArgumentOutOfRangeException(nameof(property)),
    };

    /// <summary>The disk when it says that it is about to fail.</summary>
    public static DiskDescription Fail(DiskDescription disk) => disk switch
    {
        AtaDescription a => a with { Failing = true, Attributes = [.. a.Attributes.Select(x => x.Id == Reallocated && x.Threshold > 0 ? x with { Value = x.Threshold, Worst = x.Threshold } : x)] },

        // Critical warning bit 2: the subsystem's reliability is degraded (NVMe Base 2.0 §5.16.1.3).
        NvmeDescription n => n with { Health = n.Health with { CriticalWarning = (byte)(n.Health.CriticalWarning | 0x04) } },

        // Additional sense 5Dh/10h: hardware impending failure, general (SPC-5 annex F).
        ScsiDescription s => s with { ExceptionCode = 0x5D, ExceptionQualifier = 0x10 },
        _ => throw new HardwareChangeException($"{disk.Name} is an enclosure: name one of its elements ({disk.Name}:ELEMENT), as hardware list shows them."),
    };

    /// <summary>Status of an element for people.</summary>
    public static string Shown(EnclosureElement element) => s_status[element.Status[0] & 7];

    /// <summary>The elements of an enclosure that have a name; where several have the same, all but the first are NAME#2, NAME#3, ….</summary>
    public static IReadOnlyList<(int Group, int Item, string Name, EnclosureElement Element)> Elements(DiskDescription? disk)
    {
        var elements = new List<(int, int, string, EnclosureElement)>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        IReadOnlyList<ElementGroup> groups = (disk as EnclosureDescription)?.Groups ?? [];
        for (int g = 0; g < groups.Count; g++)
        {
            for (int i = 0; i < groups[g].Elements.Count; i++)
            {
                EnclosureElement element = groups[g].Elements[i];
                if (element.Name.Length > 0)
                {
                    int count = seen[element.Name] = seen.GetValueOrDefault(element.Name) + 1;
                    elements.Add((g, i, count == 1 ? element.Name : $"{element.Name}#{count}", element));
                }
            }
        }

        return elements;
    }

    /// <summary>The enclosure with another status of an element.</summary>
    public static DiskDescription SetElement(DiskDescription disk, string element, string status)
    {
        int code = Array.IndexOf(s_status, status);
        if (code < 0)
        {
            throw new HardwareChangeException($"'{status}' is no status; there are {string.Join(", ", s_status)}.");
        }

        if (disk is not EnclosureDescription e || Elements(disk).FirstOrDefault(x => x.Name == element) is not { Element: not null } place)
        {
            return disk;
        }

        byte[] changed = [(byte)((place.Element.Status[0] & 0xF0) | code), .. place.Element.Status[1..]];
        return e with
        {
            Groups = [.. e.Groups.Select((g, i) => i != place.Group ? g : g with { Elements = [.. g.Elements.Select((x, j) => j == place.Item ? x with { Status = changed } : x)] })],
        };
    }

    private static AtaDescription Heat(AtaDescription disk, sbyte celsius) => disk with
    {
        Temperature = disk.Temperature is { } t ? t with { Current = celsius } : null,
        Attributes = [.. disk.Attributes.Select(a => a.Id is Airflow or Temperature ? a with { Raw = [(byte)celsius, .. a.Raw[1..]] } : a)],
    };

    private static AtaDescription Raw(AtaDescription disk, string property, long value)
    {
        AtaAttribute attribute = disk.Attributes.First(a => property == $"attribute.{a.Id}");
        byte[] raw = [.. Enumerable.Range(0, 6).Select(i => (byte)(value >> (8 * i)))];
        return disk with { Attributes = [.. disk.Attributes.Select(a => a == attribute ? a with { Raw = raw } : a)] };
    }

    private static long Number(string value, long least, long most) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most
            ? number
            : throw new HardwareChangeException($"'{value}' found; expected a whole number from {least} to {most}.");
}
