using System.Security.Cryptography;
using System.Text;

namespace CimHost.Providers.Power.Wire;

/// <summary>Names of devices that stay the same over restarts and are unique within one family.</summary>
internal static class StableNames
{
    /// <summary>Longest name: CIM_LogicalDevice.DeviceID has at most 64 characters, and the name of a measure follows it.</summary>
    public const int MaxLength = 40;

    // Room for "#4096" of a duplicate.
    private const int MaxBase = MaxLength - 5;
    private const int HashCharacters = 8;

    /// <summary>
    /// Names in the order given. Devices that would share one are told apart by "#2", "#3"… in the order of where they sit, so that the
    /// order of their discovery does not matter.
    /// </summary>
    /// <param name="devices">Wanted name, and where the device sits.</param>
    public static IReadOnlyList<string> Assign(IReadOnlyList<(string Name, string Where)> devices)
    {
        string[] names = new string[devices.Count];
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (int i in Enumerable.Range(0, devices.Count).OrderBy(i => devices[i].Where, StringComparer.Ordinal))
        {
            string name = Bounded(Clean(devices[i].Name));
            string unique = name;
            for (int n = 2; !used.Add(unique); n++)
            {
                unique = $"{name}#{n}";
            }

            names[i] = unique;
        }

        return names;
    }

    // Slash parts device and measure, '#' marks a duplicate; neither may come from a device. Control characters are no part of a key.
    private static string Clean(string text) => string.Concat(text.Select(c => c is '/' or '#' || char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) ? '_' : c));

    private static string Bounded(string name)
    {
        if (name.Length <= MaxBase)
        {
            return name;
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashCharacters];
        return name[..(MaxBase - HashCharacters - 1)] + "~" + hash;
    }
}
