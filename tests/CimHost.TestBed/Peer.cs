namespace CimHost.TestBed;

/// <summary>Programs that tests talk to, and the Debian packages that they come from.</summary>
public static class Peer
{
    private static readonly Dictionary<string, string> s_packages = new(StringComparer.Ordinal)
    {
        ["ipmi_sim"] = "openipmi",
        ["ipmitool"] = "ipmitool",
        ["ipmi-sensors"] = "freeipmi-tools",
        ["ipmi-fru"] = "freeipmi-tools",
        ["bmc-info"] = "freeipmi-tools",
        ["wbemcli"] = "wbemcli",
        ["wrk"] = "wrk",
        ["curl"] = "curl",
        ["dmidecode"] = "dmidecode",
        ["smartctl"] = "smartmontools",
        ["nvme"] = "nvme-cli",
        ["lspci"] = "pciutils",
        ["lsusb"] = "usbutils",
        ["openssl"] = "openssl",
        ["snmptranslate"] = "snmp",
        ["snmpget"] = "snmp",
        ["snmpd"] = "snmpd",
        ["snmptrapd"] = "snmptrapd",
        ["rsyslogd"] = "rsyslog rsyslog-gnutls",
        ["aiosmtpd"] = "python3-aiosmtpd",
        ["gcc"] = "gcc libc6-dev",
        ["make"] = "make",
        ["iasl"] = "acpica-tools",
        ["upsc"] = "nut-client",
        ["upsd"] = "nut-server",
        ["qemu-system-x86_64"] = "qemu-system-x86",
    };

    /// <summary>True in continuous integration, where a missing peer is a failure.</summary>
    public static bool IsCi => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Path of the program, null when it is not installed.</summary>
    public static string? Find(string program)
    {
        // Debian keeps administrators' programs outside an ordinary user's path.
        string path = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin:/usr/local/sbin";
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }

    /// <summary>Path of the program.</summary>
    /// <exception cref="InvalidOperationException">It is not installed; the message says which package brings it.</exception>
    public static string Require(string program) => Find(program) ?? throw new InvalidOperationException(Missing(program));

    /// <summary>Why a test that needs these programs is skipped; null when it runs (always in CI).</summary>
    public static string? WhySkipped(IReadOnlyCollection<string> programs)
    {
        string[] missing = [.. programs.Where(program => Find(program) is null)];
        return missing.Length == 0 || IsCi ? null : string.Join(' ', missing.Select(Missing));
    }

    private static string Missing(string program) =>
        $"The peer program '{program}' is not installed (Debian: apt-get install {s_packages.GetValueOrDefault(program, program)}).";
}
