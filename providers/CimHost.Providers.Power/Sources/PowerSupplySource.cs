using CimHost.Providers.Power.Model;
using CimHost.Providers.Power.Wire.Linux;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Sources;

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
