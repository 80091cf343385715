using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace CimHost.VmKernel.Devices.Capture.Redaction;

/// <summary>Identifiers that a text shows by their form: MAC addresses, UUIDs, world-wide names, and where they are to be expected IP addresses.</summary>
internal static partial class TextIdentifiers
{
    public static void Find(string text, IdentifierSet identifiers)
    {
        foreach (Match match in Macs().Matches(text))
        {
            identifiers.AddMac(Convert.FromHexString(match.Value.Replace(":", string.Empty, StringComparison.Ordinal)));
        }

        foreach (Match match in Uuids().Matches(text))
        {
            identifiers.AddUuid(Convert.FromHexString(match.Value.Replace("-", string.Empty, StringComparison.Ordinal)));
        }

        foreach (Match match in Names().Matches(text))
        {
            string digits = match.Groups[1].Value;
            if (digits.Length is 16 or 32)
            {
                identifiers.AddWide(Convert.FromHexString(digits));
            }
        }
    }

    /// <summary>IP addresses. Version numbers look the same, so this is for files that speak of networks.</summary>
    public static void FindAddresses(string text, IdentifierSet identifiers)
    {
        foreach (Match match in Addresses().Matches(text))
        {
            if (!IPAddress.TryParse(match.Value, out IPAddress? address))
            {
                continue;
            }

            if (address.AddressFamily == AddressFamily.InterNetwork && match.Value.Count(c => c == '.') == 3)
            {
                identifiers.AddV4(address.GetAddressBytes());
            }
            else if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                identifiers.AddV6(address.GetAddressBytes());
            }
        }
    }

    [GeneratedRegex("(?<![0-9a-fA-F:])[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}(?![0-9a-fA-F:])", RegexOptions.CultureInvariant)]
    private static partial Regex Macs();

    [GeneratedRegex("(?<![0-9a-fA-F])[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9a-fA-F])", RegexOptions.CultureInvariant)]
    private static partial Regex Uuids();

    [GeneratedRegex(@"(?:naa\.|eui\.|wwn-|wwn\.|0x)([0-9a-fA-F]{16,32})(?![0-9a-fA-F])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Names();

    [GeneratedRegex("(?<![0-9a-zA-Z.:])[0-9a-fA-F.:]{3,45}(?![0-9a-zA-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();
}
