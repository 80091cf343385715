using System.Collections.Concurrent;
using CimHost.Providers.Power.Wire;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Sources;

/// <summary>The zones of the kernel's powercap class that count energy: RAPL's packages, cores and memory.</summary>
internal sealed class PowercapFamily(IFileTree files, TimeProvider time) : IPowerFamily
{
    private const string Class = "/sys/class/powercap";
    private const int MaxZones = 512;

    private readonly ConcurrentDictionary<string, PowercapZone> _zones = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<PowerListing> ListAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // The control type itself ("intel-rapl") is in the folder too; it has no counter. A zone's name tells its place: "intel-rapl:0:1".
        string[] found = [.. files.List(Class).Where(n => files.FileExists($"{Class}/{n}/energy_uj")).Take(MaxZones)];
        IReadOnlyList<string> ids = StableNames.Assign([.. found.Select(n => ("powercap-" + n, n))]);
        foreach (string gone in _zones.Keys.Except(ids))
        {
            _zones.TryRemove(gone, out _);
        }

        return ValueTask.FromResult(new PowerListing([.. found.Select((n, i) => _zones.GetOrAdd(ids[i], id => new PowercapZone(id, $"{Class}/{n}", files, time)))], []));
    }
}
