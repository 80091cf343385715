using System.Security.Cryptography;
using System.Text;

namespace CimHost.Providers.Sensors.Wire;

/// <summary>Names of devices that stay the same over restarts and are unique within one scan.</summary>
internal static class StableNames
{
    // CIM_LogicalDevice.DeviceID has at most 64 characters, and "#256/intrusion999" may follow.
    private const int MaxLength = 46;
    private const int HashCharacters = 8;

    /// <summary>
    /// Name of each device, in the order given: what it is and where it sits. Devices that would share a name are told apart by "#2", "#3"…
    /// in the order of their paths in the kernel's device tree, so that the order of their discovery does not matter.
    /// </summary>
    /// <param name="devices">Chip name, bus address, resolved path.</param>
    public static IReadOnlyList<string> Assign(IReadOnlyList<(string Chip, string Address, string Path)> devices)
    {
        string[] names = new string[devices.Count];
        var order = Enumerable.Range(0, devices.Count).OrderBy(i => devices[i].Path, NaturalOrder.Instance);
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (int i in order)
        {
            string name = Bounded(Clean(devices[i].Chip) + "-" + Clean(devices[i].Address));
            string unique = name;
            for (int n = 2; !used.Add(unique); n++)
            {
                unique = $"{name}#{n}";
            }

            names[i] = unique;
        }

        return names;
    }

    // Slash parts device and channel, '#' marks a duplicate; neither may come from a driver. Control characters are no part of a key.
    private static string Clean(string text) => string.Concat(text.Select(c => c is '/' or '#' || char.IsControl(c) || char.IsWhiteSpace(c) ? '_' : c));

    private static string Bounded(string name)
    {
        if (name.Length <= MaxLength)
        {
            return name;
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashCharacters];
        return name[..(MaxLength - HashCharacters - 1)] + "~" + hash;
    }
}
