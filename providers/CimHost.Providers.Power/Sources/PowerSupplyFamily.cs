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
