using System.Collections.Concurrent;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Providers.Ipmi.Wire.Sensors;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>What a controller told of itself and its sensors; stays until its repository or the controller itself changes.</summary>
internal sealed class BmcInventory
{
    private readonly ILookup<Entity, BmcSensor> _presence;
    private readonly IReadOnlyList<EntityAssociationRecord> _associations;

    public BmcInventory(string portName, GetDeviceId device, object stamp, IReadOnlyList<SdrRecord> records, IReadOnlyList<string> problems)
    {
        Device = device;
        Stamp = stamp;
        Problems = [.. problems];
        Sensors = Expand(portName, records);
        FruLocators = [.. records.OfType<FruLocatorRecord>()];
        McLocators = [.. records.OfType<McLocatorRecord>()];
        _associations = [.. records.OfType<EntityAssociationRecord>()];
        _presence = Sensors.Where(s => s.UnreadableReason is null && s.TellsPresence(out _, out _)).ToLookup(s => s.Entity);
    }

    public GetDeviceId Device { get; }

    /// <summary>What tells this state of the repository from the next; compared by value.</summary>
    public object Stamp { get; }

    /// <summary>Records that could not be understood, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Every sensor, in repository order, each once.</summary>
    public IReadOnlyList<BmcSensor> Sensors { get; }

    public IReadOnlyList<FruLocatorRecord> FruLocators { get; }

    public IReadOnlyList<McLocatorRecord> McLocators { get; }

    /// <summary>Thresholds as they were read last, by sensor.</summary>
    public ConcurrentDictionary<BmcSensor, SensorLimits> Limits { get; } = new();

    /// <summary>Factors of non-linear sensors, by sensor and raw reading; they never change.</summary>
    public ConcurrentDictionary<(BmcSensor Sensor, byte Raw), SensorFactors> Factors { get; } = new();

    /// <summary>The sensors that tell whether an entity is there.</summary>
    public IEnumerable<BmcSensor> PresenceSensors(Entity entity) => _presence[entity];

    /// <summary>The entities that contain an entity.</summary>
    public IEnumerable<Entity> Containers(Entity entity) => _associations.Where(a => a.Contains(entity)).Select(a => a.Container);

    /// <summary>True when a container holds an entity.</summary>
    public bool Holds(Entity container, Entity entity) => _associations.Any(a => a.Container == container && a.Contains(entity));

    // Two records for one sensor number: the one that can be read wins, then the first.
    private static List<BmcSensor> Expand(string portName, IReadOnlyList<SdrRecord> records)
    {
        var sensors = new List<BmcSensor>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (SensorRecord record in records.OfType<SensorRecord>())
        {
            for (int i = 0; i < record.ShareCount; i++)
            {
                var sensor = new BmcSensor(record, i, portName);
                if (!known.TryGetValue(sensor.DeviceId, out int index))
                {
                    known.Add(sensor.DeviceId, sensors.Count);
                    sensors.Add(sensor);
                }
                else if (sensors[index].Kind == SensorKind.EventOnly && sensor.Kind != SensorKind.EventOnly)
                {
                    sensors[index] = sensor;
                }
            }
        }

        return sensors;
    }
}
