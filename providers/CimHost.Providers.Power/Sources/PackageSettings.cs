using System.Globalization;

namespace CimHost.Providers.Power.Sources;

/// <summary>The package's configuration.</summary>
/// <param name="ReadTimeout">How long one look at a device, or at a server with its devices, may take.</param>
/// <param name="Upsd">Servers of Network UPS Tools.</param>
internal sealed record PackageSettings(TimeSpan ReadTimeout, IReadOnlyList<UpsdSettings> Upsd)
{
    private const string Prefix = "Providers:CimHost.Providers.Power:";
    private const string LimitKey = "ReadTimeoutMilliseconds";
    private const int DefaultLimit = 5000;
    private const int MinLimit = 10;
    private const int MaxLimit = 60_000;
    private const int MostServers = 16;

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidOperationException">A value is wrong; the message names key, value and what is allowed.</exception>
    public static PackageSettings Read(IReadOnlyDictionary<string, string> configuration)
    {
        int limit = DefaultLimit;
        if (configuration.TryGetValue(LimitKey, out string? text)
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= MinLimit and <= MaxLimit))
        {
            throw Wrong(LimitKey, text, $"a whole number from {MinLimit} to {MaxLimit}");
        }

        var servers = new List<UpsdSettings>();
        for (int i = 0; i < MostServers; i++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"Upsd{i}");
            if (!configuration.TryGetValue(key, out string? address))
            {
                continue;
            }

            UpsdSettings server = UpsdSettings.Parse(address, configuration.GetValueOrDefault(key + "UserName", string.Empty), configuration.GetValueOrDefault(key + "PasswordFile", string.Empty))
                ?? throw Wrong(key, address, "host:port of a server that no other key has");
            if (servers.Any(s => s.Address == server.Address))
            {
                throw Wrong(key, address, "host:port of a server that no other key has");
            }

            if (server.UserName.Any(c => char.IsControl(c) || c is '"' or '\\') || (server.UserName.Length == 0) != (server.PasswordFile.Length == 0))
            {
                throw Wrong(key + "UserName", server.UserName, $"a user name without quotes, together with {key}PasswordFile");
            }

            servers.Add(server);
        }

        return new PackageSettings(TimeSpan.FromMilliseconds(limit), servers);
    }

    private static InvalidOperationException Wrong(string key, string? value, string allowed) => new($"{Prefix}{key} is '{value}'; allowed is {allowed}.");
}
