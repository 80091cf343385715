using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Platform.Rollup;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_RollupHealthSensor: the health of the whole computer as one sensor, "Rollup Health State".</summary>
[CimProvider(ClassNames.RollupHealthSensor)]
[method: ImportingConstructor]
internal sealed class RollupHealthSensorProvider(IProviderHost host, HealthRollup rollup) : ICimProvider
{
    private const string Id = "rollup-health";
    private const ushort OtherSensor = 1;

    private static readonly ushort[] s_states = [0, 5, 10, 15, 20, 25, 30];

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CimInstance instance = PlatformPaths.NewDevice(host, request, Id, "Rollup Health State");
        instance["SensorType"] = OtherSensor;
        instance["OtherSensorTypeDescription"] = "Health of the computer";
        instance["PossibleStates"] = s_states.Select(RolledUpHealth.NameOf).ToArray();
        instance["EnabledState"] = (ushort)2;
        if (request.Wants("HealthState", "OperationalStatus", "StatusDescriptions", "CurrentState", "PartsWithKnownHealth", "ClassesWithoutAnswer"))
        {
            RolledUpHealth health = await rollup.SystemAsync(cancellationToken);
            health.Health.Set(instance);
            instance["CurrentState"] = RolledUpHealth.NameOf(health.Health.HealthState);
            instance["PartsWithKnownHealth"] = (uint)health.Known;
            instance["ClassesWithoutAnswer"] = health.Missing.ToArray();
        }

        yield return instance;
    }
}
