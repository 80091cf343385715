using System.Composition;
using System.Globalization;
using CimHost.Providers.Storage.Wire.Ses;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Devices;

/// <summary>What the kernel knows of the slots of enclosures (/sys/class/enclosure, of its driver "ses").</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class EnclosureSlots(IProviderHost host)
{
    private const string ScsiLocation = "scsi-";
    private const string Folder = "/sys/class/enclosure/";

    /// <summary>Location of the device in a slot, as <see cref="IDiskPort.Location"/> writes it; null when the kernel does not know it.</summary>
    /// <param name="enclosure">Location of the enclosure.</param>
    /// <param name="slot">The slot; the driver names its folder after the element, or after its number where it has no name.</param>
    public string? LocationOf(string enclosure, SesElement slot)
    {
        string name = slot.Name.Length > 0 ? slot.Name : slot.Index.ToString(CultureInfo.InvariantCulture);
        if (!enclosure.StartsWith(ScsiLocation, StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal))
        {
            return null;
        }

        return host.Hardware.Files.Resolve($"{Folder}{enclosure[ScsiLocation.Length..]}/{name}/device") is { } device ? ScsiLocation + device.Split('/')[^1] : null;
    }
}
