using CimHost.Providers.Sensors.Files;

namespace CimHost.Providers.Sensors.Thermal;

/// <summary>A thermal zone or cooling device.</summary>
/// <param name="Name">Stable name: type and bus address ("x86_pkg_temp-virtual-0").</param>
/// <param name="Type">Type that the kernel gives it ("x86_pkg_temp").</param>
/// <param name="BusAddress">Where it sits.</param>
/// <param name="Folder">Folder of its attributes.</param>
/// <param name="AttributeNames">Files in that folder.</param>
internal sealed record ThermalDevice(string Name, string Type, string BusAddress, string Folder, IReadOnlyList<string> AttributeNames)
{
    /// <summary>An attribute as an integer.</summary>
    public async ValueTask<AttributeNumber> ReadNumberAsync(AttributeReader reader, string attribute, ReadLimit limit)
    {
        string path = $"{Folder}/{attribute}";
        return (await reader.ReadAsync(path, limit)).AsNumber(path);
    }

    /// <summary>An attribute as text; null when it is not there or cannot be read.</summary>
    public async ValueTask<string?> ReadTextAsync(AttributeReader reader, string attribute, ReadLimit limit) =>
        (await reader.ReadAsync($"{Folder}/{attribute}", limit)).AsText();
}
