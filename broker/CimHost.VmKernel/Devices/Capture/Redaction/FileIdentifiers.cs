using System.Text;

namespace CimHost.VmKernel.Devices.Capture.Redaction;

/// <summary>Identifiers in the kernel's files.</summary>
internal static class FileIdentifiers
{
    private const string DmiTable = "/sys/firmware/dmi/tables/DMI";
    private const int LargestText = 1024 * 1024;

    // Names of attributes whose whole content identifies the device.
    private static readonly string[] s_names =
    [
        "serial", "serial_number", "product_serial", "board_serial", "chassis_serial", "chassis_asset_tag", "board_asset_tag", "wwid", "eui", "nguid", "uuid", "unique_id", "uniq", "hostname", "machine-id",
        "subsysnqn", "sas_address", "port_name", "node_name", "serialnumber", "permanent_address", "hw_serial",
    ];

    private static readonly string[] s_networkFiles = ["/proc/net/", "/proc/self/net/", "/proc/cmdline", "/proc/mounts", "/proc/self/mounts", "/etc/hosts", "/etc/resolv.conf"];

    public static void Find(IReadOnlyDictionary<string, CapturedEntry> files, IdentifierSet identifiers)
    {
        foreach ((string path, CapturedEntry entry) in files)
        {
            TextIdentifiers.Find(path, identifiers);
            if (entry.Kind != CapturedEntryKind.File || entry.Read(0, LargestText) is not { Length: > 0 } bytes)
            {
                continue;
            }

            if (path == DmiTable)
            {
                SmbiosIdentifiers.Find(bytes, identifiers);
                continue;
            }

            ModuleIdentifiers.Find(path, bytes, identifiers);
            Find(path, Encoding.UTF8.GetString(bytes), identifiers);
        }
    }

    private static void Find(string path, string text, IdentifierSet identifiers)
    {
        // Lists of names speak of no device of this machine.
        if (path.StartsWith("/usr/", StringComparison.Ordinal) || path.StartsWith("/var/", StringComparison.Ordinal))
        {
            return;
        }

        TextIdentifiers.Find(text, identifiers);
        string name = path[(path.LastIndexOf('/') + 1)..];
        if (s_names.Contains(name.ToLowerInvariant()))
        {
            Whole(text.Trim(' ', '\n', '\0'), identifiers);
        }

        if (Array.Exists(s_networkFiles, f => path.StartsWith(f, StringComparison.Ordinal)))
        {
            TextIdentifiers.FindAddresses(text, identifiers);
        }

        foreach (string line in text.Split('\n').Where(l => l.StartsWith("HID_UNIQ=", StringComparison.Ordinal) || l.StartsWith("POWER_SUPPLY_SERIAL_NUMBER=", StringComparison.Ordinal)))
        {
            identifiers.AddText(line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        }
    }

    // The forms of wwid: "naa.…", "eui.…", "uuid.…", "t10.VENDOR MODEL SERIAL", "nvme.VENDOR-SERIAL-MODEL-NAMESPACE" in hexadecimal.
    private static void Whole(string text, IdentifierSet identifiers)
    {
        if (text.StartsWith("t10.", StringComparison.Ordinal))
        {
            identifiers.AddText(text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]);
        }
        else if (text.StartsWith("nvme.", StringComparison.Ordinal))
        {
            string digits = text.Split('-') is { Length: > 2 } parts ? parts[1] : string.Empty;
            if (digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit))
            {
                identifiers.AddText(Encoding.ASCII.GetString(Convert.FromHexString(digits)));
            }
        }
        else if (!text.StartsWith("naa.", StringComparison.Ordinal) && !text.StartsWith("eui.", StringComparison.Ordinal) && !text.Contains("nqn.", StringComparison.Ordinal) && !text.Contains(':', StringComparison.Ordinal))
        {
            identifiers.AddText(text);
        }
    }
}
