using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using CimHost.Alerts;
using CimHost.Alerts.Observing;
using CimHost.Snmp;
using CimHost.Snmp.AgentX;
using CimHost.VmKernel.Users.Passwords;

namespace CimHost.Configuration;

/// <summary>
/// Reads the configuration and refuses what it does not know: a key that is misspelt, or a value of a wrong kind, is told in one line.
/// </summary>
public static class ConfigurationLoader
{
    private const string EnvironmentPrefix = "CIMHOST_";

    // Environment variables that are no configuration keys: secrets that have no place in a configuration.
    private static readonly string[] s_secrets = ["ROOT_PASSWORD", "NEW_PASSWORD", "PASSWORD", "USER", "HOST", "SNMP_COMMUNITY", "SNMP_PASSWORD", "SNMP_PRIVACY_PASSWORD"];

    /// <summary>Reads the file (if given or present), the environment and the arguments.</summary>
    /// <exception cref="ConfigurationException">A key is unknown or a value is wrong.</exception>
    public static CimHostOptions Load(string? file, IEnumerable<string> arguments)
    {
        var builder = new ConfigurationBuilder();
        string path = file ?? "cimhost.json";
        if (file is not null && !File.Exists(file))
        {
            throw new ConfigurationException($"The configuration file {file} does not exist.");
        }

        try
        {
            builder.AddJsonFile(Path.GetFullPath(path), optional: file is null);
            builder.AddInMemoryCollection(LastOfEach(FromEnvironment()));
            builder.AddInMemoryCollection(LastOfEach(arguments.Select(Split)));
            IConfigurationRoot root = builder.Build();
            var options = new CimHostOptions();
            Bind(root, options, string.Empty);
            Check(options);
            return options;
        }
        catch (InvalidDataException e)
        {
            throw new ConfigurationException($"{path}: {e.InnerException?.Message ?? e.Message}");
        }
    }

    /// <summary>Parses <c>address:port</c>.</summary>
    /// <exception cref="ConfigurationException">The value is no address.</exception>
    public static IPEndPoint Address(string key, string value) => IPEndPoint.TryParse(value, out IPEndPoint? endpoint) && value.Contains(':', StringComparison.Ordinal)
        ? endpoint
        : throw new ConfigurationException($"{key} = '{value}': expected an IP address and a port such as 127.0.0.1:5988 or [::1]:5988, or nothing to turn it off.");

    // A key that is given twice has its last value, as on any command line.
    private static Dictionary<string, string?> LastOfEach(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var last = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string? value) in settings)
        {
            last[key] = value;
        }

        return last;
    }

    private static KeyValuePair<string, string?> Split(string argument)
    {
        string text = argument.TrimStart('-');
        int equal = text.IndexOf('=', StringComparison.Ordinal);
        return equal > 0
            ? KeyValuePair.Create<string, string?>(text[..equal], text[(equal + 1)..])
            : throw new ConfigurationException($"'{argument}': expected --Section:Key=value.");
    }

    private static IEnumerable<KeyValuePair<string, string?>> FromEnvironment()
    {
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            string name = (string)entry.Key;
            if (name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase) && !s_secrets.Contains(name[EnvironmentPrefix.Length..], StringComparer.OrdinalIgnoreCase))
            {
                yield return KeyValuePair.Create(name[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal), (string?)entry.Value);
            }
        }
    }

    private static void Bind(IConfiguration section, object target, string prefix)
    {
        PropertyInfo[] properties = target.GetType().GetProperties().Where(p => p.CanWrite).ToArray();
        foreach (IConfigurationSection child in section.GetChildren())
        {
            string key = prefix + child.Key;
            PropertyInfo property = properties.FirstOrDefault(p => string.Equals(p.Name, child.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw new ConfigurationException($"{key}: there is no such key{Suggestion(child.Key, properties.Select(p => prefix + p.Name))}.");
            property.SetValue(target, Read(child, property.PropertyType, property.GetValue(target), prefix + property.Name));
        }
    }

    private static object Read(IConfigurationSection section, Type type, object? current, string key)
    {
        if (type == typeof(string))
        {
            return section.Value ?? (section.GetChildren().Any() ? throw Wrong(key, "(a section)", "a text") : string.Empty);
        }

        if (type == typeof(int) || type == typeof(int?))
        {
            return int.TryParse(section.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number >= 0 ? number : throw Wrong(key, section.Value, "a whole number from 0");
        }

        if (type == typeof(long?))
        {
            return long.TryParse(section.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) && number >= 0 ? number : throw Wrong(key, section.Value, "a whole number from 0");
        }

        if (type == typeof(bool))
        {
            return bool.TryParse(section.Value, out bool flag) ? flag : throw Wrong(key, section.Value, "true or false");
        }

        if (type.IsEnum)
        {
            return Enum.TryParse(type, section.Value, ignoreCase: true, out object? value) && Enum.IsDefined(type, value) ? value : throw Wrong(key, section.Value, string.Join(", ", Enum.GetNames(type)));
        }

        if (type == typeof(double) || type == typeof(double?))
        {
            return double.TryParse(section.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= 0 && double.IsFinite(number) ? number : throw Wrong(key, section.Value, "a number from 0");
        }

        if (section.Value is not null)
        {
            throw Wrong(key, section.Value, "a section");
        }

        switch (current)
        {
            case List<string> list:
                return section.GetChildren().Select(c => c.Value ?? string.Empty).Concat(list).Distinct().ToList();
            case List<AlertRule>:
                return ReadList<AlertRule>(section, key);
            case List<ReceiverOptions>:
                return ReadList<ReceiverOptions>(section, key);
            case List<CommunityOptions>:
                return ReadList<CommunityOptions>(section, key);
            case List<UserOptions>:
                return ReadList<UserOptions>(section, key);
            case List<BmcSettings>:
                return ReadList<BmcSettings>(section, key);
            case List<DatastoreSettings>:
                return ReadList<DatastoreSettings>(section, key);
            case Dictionary<string, Dictionary<string, string>>:
                return section.GetChildren().ToDictionary(
                    c => c.Key,
                    c => c.GetChildren().ToDictionary(v => v.Key, v => v.Value ?? string.Empty, StringComparer.OrdinalIgnoreCase),
                    StringComparer.OrdinalIgnoreCase);
            case Dictionary<string, ResourceGroupSettings> groups:
                foreach (IConfigurationSection child in section.GetChildren())
                {
                    Bind(child, groups[child.Key] = new ResourceGroupSettings(), $"{key}:{child.Key}:");
                }

                return groups;
            default:
                Bind(section, current!, key + ":");
                return current!;
        }
    }

    private static void Check(CimHostOptions options)
    {
        for (int i = 0; i < options.Datastores.Count; i++)
        {
            CheckDatastore($"Datastores:{i}:", options.Datastores[i], options.Datastores.Take(i));
        }

        if (options.Kernel.BootSeconds is < 1 or > 86_400)
        {
            throw Wrong("Kernel:BootSeconds", options.Kernel.BootSeconds.ToString(CultureInfo.InvariantCulture), "1 to 86400");
        }

        if (options.Kernel.RamdiskMegabytes is < 16 or > 65_536)
        {
            throw Wrong("Kernel:RamdiskMegabytes", options.Kernel.RamdiskMegabytes.ToString(CultureInfo.InvariantCulture), "16 to 65536");
        }

        foreach (PropertyInfo property in typeof(EndpointOptions).GetProperties())
        {
            if (property.GetValue(options.Endpoints) is string { Length: > 0 } address)
            {
                Address("Endpoints:" + property.Name, address);
            }
        }

        RequireDirectory("Machine", options.Machine);
        RequireDirectory("SystemRoot", options.SystemRoot);
        RequireRange("Dispatch:DeadlineSeconds", options.Dispatch.DeadlineSeconds, 0.1, 600);
        RequireRange("Dispatch:BreakerThreshold", options.Dispatch.BreakerThreshold, 1, 1000);
        RequireRange("Dispatch:MaxRequestsPerProvider", options.Dispatch.MaxRequestsPerProvider, 1, 1000);
        RequireRange("Dispatch:EnumerationTimeoutSeconds", options.Dispatch.EnumerationTimeoutSeconds, 1, 86_400);
        RequireRange("Indications:PollSeconds", options.Indications.PollSeconds, 0.1, 86_400);
        RequireRange("Indications:LookupSeconds", options.Indications.LookupSeconds, 0.1, 600);
        RequireRange("Indications:DeliverySeconds", options.Indications.DeliverySeconds, 0.1, 600);
        RequireRange("Indications:MaxQueued", options.Indications.MaxQueued, 1, 1_000_000);
        RequireRange("Indications:MaxQueuedMegabytes", options.Indications.MaxQueuedMegabytes, 2, 4096);
        RequireRange("Indications:KeepHours", options.Indications.KeepHours, 0, 24 * 366);
        RequireRange("Security:AccountLockFailures", options.Security.AccountLockFailures, 0, 10_000);
        RequireRange("Security:AccountUnlockTime", options.Security.AccountUnlockTime, 1, 86_400);
        CheckAlerts(options.Alerts);
        RequireRange("Snmp:IntervalSeconds", options.Snmp.IntervalSeconds, 1, 3600);
        CheckPasswordRule("Security:PasswordQualityControl", options.Security.PasswordQualityControl);
        for (int i = 0; i < options.Bmcs.Count; i++)
        {
            CheckBmc($"Bmcs:{i}:", options.Bmcs[i], options.Bmcs.Take(i).Select(b => b.Name));
        }
    }

    private static void CheckAlerts(AlertOptions alerts)
    {
        RequireRange("Alerts:PollSeconds", alerts.PollSeconds, 0.1, 3600);
        RequireRange("Alerts:SilentReadings", alerts.SilentReadings, 1, 1000);
        RequireRange("Alerts:FlapSeconds", alerts.FlapSeconds, 1, 86_400);
        RequireRange("Alerts:EventsPerMinute", alerts.EventsPerMinute, 1, 100_000);
        RequireRange("Alerts:Kept", alerts.Kept, 100, 1_000_000);
        RequireRange("Alerts:LogAlertHours", alerts.LogAlertHours, 0.01, 8760);
        for (int i = 0; i < alerts.Rules.Count; i++)
        {
            if (alerts.Rules[i].Readings.Length > 0 && CimObserver.ParseReadings(alerts.Rules[i].Readings) is null)
            {
                throw Wrong($"Alerts:Rules:{i}:Readings", alerts.Rules[i].Readings, "\"n of m\" such as \"2 of 3\", m at most 32");
            }
        }

        for (int i = 0; i < alerts.Receivers.Count; i++)
        {
            string name = alerts.Receivers[i].Name;
            if (name.Length is 0 or > 64 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) || name == AgentXSubagent.ReceiverName || alerts.Receivers.Count(r => r.Name == name) > 1)
            {
                throw Wrong($"Alerts:Receivers:{i}:Name", name, "a name of letters, digits, '.', '_' and '-' that no other receiver has");
            }
        }
    }

    private static void CheckPasswordRule(string key, string rule)
    {
        try
        {
            PasswordQuality.Parse(rule);
        }
        catch (FormatException e)
        {
            throw new ConfigurationException($"{key} = '{rule}': {e.Message}");
        }
    }

    private static List<T> ReadList<T>(IConfigurationSection section, string key)
        where T : new() => section.GetChildren().Select(c =>
        {
            var item = new T();
            Bind(c, item, $"{key}:{c.Key}:");
            return item;
        }).ToList();

    private static void CheckDatastore(string prefix, DatastoreSettings datastore, IEnumerable<DatastoreSettings> earlier)
    {
        if (datastore.Name.Length is 0 or > 42 || datastore.Name is "." or ".." || datastore.Name.Any(c => c == '/' || char.IsControl(c)))
        {
            throw Wrong(prefix + "Name", datastore.Name, "a label of 1 to 42 characters without slashes");
        }

        if (!Directory.Exists(datastore.Path))
        {
            throw Wrong(prefix + "Path", datastore.Path, "a directory that exists");
        }

        if (earlier.Any(e => e.Name == datastore.Name || Path.GetFullPath(e.Path) == Path.GetFullPath(datastore.Path)))
        {
            throw Wrong(prefix + "Name", datastore.Name, "a label and a directory that no other datastore has");
        }
    }

    private static void CheckBmc(string prefix, BmcSettings bmc, IEnumerable<string> earlier)
    {
        if (bmc.Name.Length == 0 || bmc.Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')))
        {
            throw Wrong(prefix + "Name", bmc.Name, "a name of letters, digits, '.', '_' and '-'");
        }

        if (earlier.Contains(bmc.Name, StringComparer.OrdinalIgnoreCase))
        {
            throw Wrong(prefix + "Name", bmc.Name, "a name that no other BMC has");
        }

        if (bmc.Address.Length == 0)
        {
            throw Wrong(prefix + "Address", bmc.Address, "host:port");
        }

        if (bmc.CipherSuite is not (0 or 1 or 2 or 3 or 15 or 16 or 17))
        {
            throw Wrong(prefix + "CipherSuite", bmc.CipherSuite.ToString(CultureInfo.InvariantCulture), "17, 3, or 0 to choose by itself");
        }

        if (bmc.PasswordFile.Length > 0 && !File.Exists(bmc.PasswordFile))
        {
            throw Wrong(prefix + "PasswordFile", bmc.PasswordFile, "a file that exists");
        }
    }

    private static void RequireDirectory(string key, string value)
    {
        if (value.Length > 0 && !Directory.Exists(value))
        {
            throw Wrong(key, value, "a directory that exists");
        }
    }

    private static void RequireRange(string key, double value, double low, double high)
    {
        if (value < low || value > high)
        {
            throw Wrong(key, value.ToString(CultureInfo.InvariantCulture), $"a number from {low.ToString(CultureInfo.InvariantCulture)} to {high.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    private static ConfigurationException Wrong(string key, string? value, string allowed) => new($"{key} = '{value}': expected {allowed}.");

    private static string Suggestion(string key, IEnumerable<string> known)
    {
        string? best = known.MinBy(k => Distance(key, k.Split(':')[^1]));
        return best is not null && Distance(key, best.Split(':')[^1]) <= Math.Max(2, key.Length / 3) ? $"; did you mean {best}?" : $"; known are {string.Join(", ", known)}";
    }

    // Levenshtein's distance, in any case.
    private static int Distance(string a, string b)
    {
        int[] row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }

        return row[b.Length];
    }
}
