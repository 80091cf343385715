using System.Composition;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Rollup;

/// <summary>
/// The health of the computer from that of its parts, whichever package tells them (DSP1052: the state of a system covers what it is made
/// of). The parts are asked through the object manager, all classes at once; a class that gives no answer in time is named and does not
/// count. One sweep serves everybody who asks within a few seconds.
/// </summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class HealthRollup(IProviderHost host)
{
    private const string Namespace = "root/cimv2";
    private const int MaxParts = 20_000;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_age = TimeSpan.FromSeconds(3);
    private static readonly CimInstanceOptions s_options = new() { PropertyList = ["ElementName", "DeviceID", "Tag", "HealthState"] };

    // Not CIM_LogicalDevice as a whole: the roll-up's own sensor is one. Sensors are found by the classes below CIM_Sensor.
    private static readonly string[] s_parts =
    [
        "CIM_CoolingDevice", "CIM_PowerSource", "CIM_Processor", "CIM_Memory", "CIM_PhysicalMemory", "CIM_MediaAccessDevice", "CIM_Controller",
        "CIM_RedundancySet",
    ];

    private static readonly string[] s_chassisParts = ["CIM_CoolingDevice", "CIM_PowerSource", "CIM_Sensor"];

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<ClassHealth>>? _sweep;
    private DateTimeOffset _started;

    /// <summary>Health of the whole computer.</summary>
    public async ValueTask<RolledUpHealth> SystemAsync(CancellationToken cancellationToken) => RolledUpHealth.Of(await SweepAsync(cancellationToken));

    /// <summary>Health of what the chassis is there for: power, cooling and what is measured in it.</summary>
    public async ValueTask<RolledUpHealth> ChassisAsync(CancellationToken cancellationToken) =>
        RolledUpHealth.Of((await SweepAsync(cancellationToken)).Where(c => s_chassisParts.Contains(c.Root)));

    private Task<IReadOnlyList<ClassHealth>> SweepAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            DateTimeOffset now = host.Time.GetUtcNow();
            if (_sweep is null || now - _started > s_age)
            {
                _started = now;
                _sweep = RunAsync();
            }

            return _sweep.WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<ClassHealth>> RunAsync()
    {
        await Task.Yield();
        using var limit = new CancellationTokenSource(s_limit, host.Time);
        var roots = s_parts.Select(p => (Root: p, ClassName: p)).ToList();
        roots.AddRange((await SensorClassesAsync(limit.Token)).Select(c => ("CIM_Sensor", c)));
        return await Task.WhenAll(roots.Select(r => ReadAsync(r.Root, r.ClassName, limit.Token)));
    }

    private async Task<IReadOnlyList<string>> SensorClassesAsync(CancellationToken cancellationToken)
    {
        try
        {
            List<string> classes = await host.Cim.EnumerateClassNamesAsync(Namespace, "CIM_Sensor", false, cancellationToken).ToListAsync(cancellationToken);
            classes.RemoveAll(c => string.Equals(c, Providers.ClassNames.RollupHealthSensor, StringComparison.OrdinalIgnoreCase));
            return classes;
        }
        catch (Exception e) when (e is CimException or OperationCanceledException)
        {
            return [];
        }
    }

    private async Task<ClassHealth> ReadAsync(string root, string className, CancellationToken cancellationToken)
    {
        var parts = new List<PartHealth>();
        try
        {
            await foreach (CimInstance part in host.Cim.EnumerateInstancesAsync(Namespace, className, s_options, cancellationToken).WithCancellation(cancellationToken))
            {
                // NULL and 0 say that the health of the part is not known, and that is no bad health.
                if (parts.Count < MaxParts && part.TryGetValue("HealthState", out CimValue value) && value.TryGetUInt64(out ulong state) && state > 0)
                {
                    parts.Add(new PartHealth(NameOf(part), (ushort)state));
                }
            }

            return new ClassHealth(root, className, parts, null);
        }
        catch (CimException e) when (e.Status == CimStatusCode.InvalidClass)
        {
            return new ClassHealth(root, className, [], null);
        }
        catch (Exception e) when (e is CimException or OperationCanceledException)
        {
            return new ClassHealth(root, className, parts, e is CimException ? e.Message : "no answer in time");
        }
    }

    private static string NameOf(CimInstance part)
    {
        foreach (string property in (string[])["ElementName", "DeviceID", "Tag"])
        {
            if (part.TryGetValue(property, out CimValue value) && value.AsString() is { Length: > 0 } name)
            {
                return name;
            }
        }

        return part.ClassName;
    }
}

/// <summary>Health of one part.</summary>
internal readonly record struct PartHealth(string Name, ushort HealthState);

/// <summary>Health of the instances of one class.</summary>
/// <param name="Root">The CIM class for which it was asked.</param>
/// <param name="ClassName">The class that was asked.</param>
/// <param name="Parts">The instances whose health is known.</param>
/// <param name="Failure">Why not all were told; null when they were.</param>
internal sealed record ClassHealth(string Root, string ClassName, IReadOnlyList<PartHealth> Parts, string? Failure);
