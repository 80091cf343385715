using System.Globalization;

namespace CimHost.Providers.Storage.Devices;

/// <summary>The package's configuration (<c>Providers:CimHost.Providers.Storage:KEY</c>).</summary>
internal sealed record StorageOptions
{
    private static readonly string[] s_keys =
        ["SampleAgeSeconds", "DeviceTimeoutSeconds", "CommandTimeoutSeconds", "CommandsPerDevice", "MaxSkippedPolls", "DriveDatabase", "SelfTests"];

    /// <summary>How old a sample may be to be told again without asking the device.</summary>
    public TimeSpan SampleAge { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long reading one device may take in all.</summary>
    public TimeSpan DeviceTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one command may take.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Most commands in flight for one device.</summary>
    public int CommandsPerDevice { get; init; } = 1;

    /// <summary>After how many polls that a sleeping disk was left alone it is read (and so woken); 0: never.</summary>
    public int MaxSkippedPolls { get; init; }

    /// <summary>Files that may be the drive database of smartmontools; the first that is there counts.</summary>
    public IReadOnlyList<string> DriveDatabases { get; init; } = ["/var/lib/smartmontools/drivedb/drivedb.h", "/usr/share/smartmontools/drivedb.h"];

    /// <summary>When self-tests are to start, as smartd writes it ("S/../.././02|L/../../6/03"); empty for none.</summary>
    public string SelfTests { get; init; } = string.Empty;

    /// <summary>Reads the options.</summary>
    /// <exception cref="InvalidOperationException">A key is unknown, or its value cannot be.</exception>
    public static StorageOptions Read(IReadOnlyDictionary<string, string> configuration)
    {
        foreach (string key in configuration.Keys)
        {
            if (!s_keys.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException($"{key} is no key of this package; it knows {string.Join(", ", s_keys)}.");
            }
        }

        var defaults = new StorageOptions();
        var options = new StorageOptions
        {
            SampleAge = TimeSpan.FromSeconds(Number(configuration, "SampleAgeSeconds", defaults.SampleAge.TotalSeconds, 0, 86_400)),
            DeviceTimeout = TimeSpan.FromSeconds(Number(configuration, "DeviceTimeoutSeconds", defaults.DeviceTimeout.TotalSeconds, 1, 3_600)),
            CommandTimeout = TimeSpan.FromSeconds(Number(configuration, "CommandTimeoutSeconds", defaults.CommandTimeout.TotalSeconds, 1, 300)),
            CommandsPerDevice = (int)Number(configuration, "CommandsPerDevice", defaults.CommandsPerDevice, 1, 16),
            MaxSkippedPolls = (int)Number(configuration, "MaxSkippedPolls", defaults.MaxSkippedPolls, 0, 1_000_000),
            DriveDatabases = configuration.TryGetValue("DriveDatabase", out string? path) ? path.Length == 0 ? [] : [path] : defaults.DriveDatabases,
            SelfTests = configuration.GetValueOrDefault("SelfTests", string.Empty),
        };
        return SelfTestSchedule.TryParse(options.SelfTests, out _)
            ? options
            : throw new InvalidOperationException($"SelfTests is '{options.SelfTests}'; expected expressions such as S/../.././02 or (S/../.././02|L/../../6/03).");
    }

    private static double Number(IReadOnlyDictionary<string, string> configuration, string key, double fallback, double least, double most)
    {
        if (!configuration.TryGetValue(key, out string? text))
        {
            return fallback;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most
            ? value
            : throw new InvalidOperationException($"{key} is '{text}'; a number from {least} to {most} is allowed.");
    }
}
