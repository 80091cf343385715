using System.Composition;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Power.Sources;

/// <summary>All power devices of all families.</summary>
[Export]
[Shared]
internal sealed class PowerCatalog
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<IPowerFamily> _families;
    private readonly PackageSettings _settings;
    private readonly TimeProvider _time;
    private Dictionary<string, PowerDevice> _devices = new(StringComparer.Ordinal);

    /// <summary>Takes the package's configuration.</summary>
    /// <exception cref="InvalidOperationException">A configured value is wrong.</exception>
    [ImportingConstructor]
    public PowerCatalog(IProviderHost host)
    {
        _settings = PackageSettings.Read(host.Configuration);
        _time = host.Time;
        _families = [new HidPowerFamily(host)];
    }

    /// <summary>The devices that are there now, and what could not be looked at. A device that came or went since is noticed here.</summary>
    public async ValueTask<(IReadOnlyList<PowerDevice> Devices, IReadOnlyList<string> Problems)> ListAsync(CancellationToken cancellationToken)
    {
        PowerListing[] listings = await Task.WhenAll(_families.Select(f => f.ListAsync(cancellationToken).AsTask()));
        lock (_lock)
        {
            var devices = new Dictionary<string, PowerDevice>(StringComparer.Ordinal);
            foreach (IPowerSource source in listings.SelectMany(l => l.Sources))
            {
                if (_devices.TryGetValue(source.Id, out PowerDevice? known))
                {
                    known.Found(source);
                }

                devices.TryAdd(source.Id, known ?? new PowerDevice(source, _settings.ReadTimeout, _time));
            }

            _devices = devices;
            return ([.. devices.Values], [.. listings.SelectMany(l => l.Problems)]);
        }
    }

    /// <summary>Says what could not be looked at, after everything else was told.</summary>
    /// <exception cref="CimException">There is such a thing.</exception>
    public static void ThrowIfIncomplete(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new CimException(CimStatusCode.Failed, "The list of power devices is not complete: " + string.Join(" ", problems));
        }
    }
}
