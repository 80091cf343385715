using System.Globalization;
using CimHost.Sdk.Cim;

namespace CimHost.Snmp.Mib.Model;

/// <summary>A physical entity: a device or a piece of hardware, or both where CIM says that the one is the other.</summary>
internal sealed class EntityView
{
    /// <summary>What it is.</summary>
    public required string Identity { get; init; }

    /// <summary>entPhysicalIndex.</summary>
    public required int Index { get; init; }

    /// <summary>entPhysicalIndex of what it is in; 0 when it is in nothing.</summary>
    public int Parent { get; set; }

    /// <summary>Kind.</summary>
    public required EntityClass Class { get; init; }

    /// <summary>The device (CIM_LogicalDevice); null when there is only hardware.</summary>
    public CimInstance? Device { get; init; }

    /// <summary>The hardware, its first source first; empty when there is only a device.</summary>
    public IReadOnlyList<CimInstance> Packages { get; init; } = [];

    /// <summary>The sensor, of an entity that is one.</summary>
    public SensorView? Sensor { get; init; }

    /// <summary>True when the last reading of the model did not get to it.</summary>
    public bool IsOutdated { get; init; }

    /// <summary>Name for people; never empty.</summary>
    public string Name => First("ElementName", "Name", "Tag", "DeviceID") ?? "Computer";

    /// <summary>Kind or model, for people; never empty.</summary>
    public string Description => Sensor?.Name ?? First("Description", "Model", "Caption") ?? Name;

    /// <summary>Place among its siblings, from the number at the end of its name; -1 when it has none.</summary>
    public int Position
    {
        get
        {
            if (Instances.Select(i => i.Number("Number") ?? i.Number("SlotNumber")).FirstOrDefault(n => n is not null) is { } slot)
            {
                return (int)Math.Clamp(slot, 0, int.MaxValue);
            }

            string name = First("Caption", "ElementName") ?? string.Empty;
            string digits = name[name.TrimEnd("0123456789".ToCharArray()).Length..];
            return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;
        }
    }

    /// <summary>CIM HealthState, 0 when nothing tells it. A device knows it better than its hardware does.</summary>
    public int HealthState => IsOutdated ? 0 : Sensor?.HealthState ?? (int)(Instances.Select(i => i.Number("HealthState") ?? 0).FirstOrDefault(h => h > 0));

    /// <summary>CIM EnabledState, null when nothing tells it.</summary>
    public long? EnabledState => IsOutdated ? null : Instances.Select(i => i.Number("EnabledState")).FirstOrDefault(s => s is not null);

    /// <summary>False when the device could not be read, so that its state is not known.</summary>
    public bool IsRead => !IsOutdated && (Sensor?.ReadingState ?? Device?.Text("ReadingState") ?? "Ok") == "Ok";

    /// <summary>Device and hardware.</summary>
    public IEnumerable<CimInstance> Instances => Device is null ? Packages : Packages.Prepend(Device);

    /// <summary>The first text that one of some properties has.</summary>
    public string? First(params string[] properties) => Instances.Select(i => i.FirstText(properties)).FirstOrDefault(t => t is not null);
}
