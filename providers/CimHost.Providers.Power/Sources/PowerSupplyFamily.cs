using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Wire;
using CimHost.Providers.Power.Wire.Linux;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Sources;

/// <summary>Batteries, adapters and UPSs of the kernel's power_supply class. What feeds a single peripheral (a mouse) and not the system is left out.</summary>
internal sealed class PowerSupplyFamily(IFileTree files, TimeProvider time) : IPowerFamily
{
    private const string Class = "/sys/class/power_supply";
    private const int MaxDevices = 128;

    /// <inheritdoc/>
    public async ValueTask<PowerListing> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<(string Name, string Path, PowerDeviceKind Kind)>();
        foreach (string name in files.List(Class).Take(MaxDevices))
        {
            string path = $"{Class}/{name}";

            // "type" and "scope" are texts in the driver: no device is asked for them.
            if (PowerSupplyAttributes.KindOf(await TextAsync(path + "/type", cancellationToken)) is { } kind
                && await TextAsync(path + "/scope", cancellationToken) != "Device")
            {
                found.Add((name, path, kind));
            }
        }

        IReadOnlyList<string> ids = StableNames.Assign([.. found.Select(f => ("power_supply-" + f.Name, files.Resolve(f.Path) ?? f.Path))]);
        return new PowerListing([.. found.Select((f, i) => new PowerSupplySource(ids[i], f.Path, f.Kind, files, time))], []);
    }

    private async ValueTask<string?> TextAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await files.ReadAsync(path, cancellationToken) is { } content ? SysfsNumber.ReadText(content) : null;
        }
        catch (HardwareException)
        {
            // Not to be read, and so not known for a power supply.
            return null;
        }
    }
}

/// <summary>One device of the kernel's power_supply class.</summary>
internal sealed class PowerSupplySource(string id, string path, PowerDeviceKind kind, IFileTree files, TimeProvider time) : IPowerSource
{
    public string Id => id;

    public PowerDeviceKind Kind => kind;

    public string Origin => path;

    /// <summary>What the driver has attributes for; none of them is read.</summary>
    public PowerReading Layout => PowerSupplyAttributes.Decode(
        kind,
        Existing().ToDictionary(a => a, _ => new PowerSupplyAttributes.Attribute(ReadingState.Unavailable, [], "the device was not asked yet"), StringComparer.Ordinal),
        time.GetUtcNow());

    public async ValueTask<PowerReading> ReadAsync(CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, PowerSupplyAttributes.Attribute>(StringComparer.Ordinal);
        foreach (string name in Existing())
        {
            try
            {
                if (await files.ReadAsync($"{path}/{name}", cancellationToken) is { } content)
                {
                    values[name] = new PowerSupplyAttributes.Attribute(ReadingState.Ok, content, null);
                }
            }
            catch (HardwareException e)
            {
                values[name] = new PowerSupplyAttributes.Attribute(HardwareStates.Of(e.Fault), [], e.Message);
            }
        }

        return PowerSupplyAttributes.Decode(kind, values, time.GetUtcNow());
    }

    private IEnumerable<string> Existing()
    {
        var there = new HashSet<string>(files.List(path), StringComparer.Ordinal);
        return PowerSupplyAttributes.Wanted(kind).Where(there.Contains).Distinct();
    }
}
