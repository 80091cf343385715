using CimHost.Providers.Ipmi.Wire.Sensors;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>Fans or power supplies that stand in for each other, and the sensor that tells whether they still can.</summary>
/// <param name="Sensor">The redundancy sensor (event/reading type 0Bh).</param>
/// <param name="AreFans">True for fans, false for power supplies.</param>
/// <param name="Members">The fans or power supplies.</param>
internal sealed record RedundancyGroup(BmcSensor Sensor, bool AreFans, IReadOnlyList<MachineDevice> Members)
{
    private const byte RedundancyType = 0x0B;

    /// <summary>
    /// The groups of a machine: a redundancy sensor and what the entity association records say is in its entity; where they say nothing, all
    /// fans or all power supplies.
    /// </summary>
    public static IReadOnlyList<RedundancyGroup> Find(string portName, BmcInventory inventory)
    {
        var groups = new List<RedundancyGroup>();
        IReadOnlyList<MachineDevice>? fans = null, supplies = null;
        foreach (BmcSensor sensor in inventory.Sensors.Where(s => s.EventReadingType == RedundancyType && s.Kind != SensorKind.EventOnly))
        {
            bool areFans = sensor.SensorType is SensorTypes.Fan or SensorTypes.CoolingDevice || sensor.Entity.Id is EntityIds.Fan or EntityIds.CoolingUnit;
            bool areSupplies = !areFans && (sensor.SensorType is SensorTypes.PowerSupply or SensorTypes.PowerUnit || sensor.Entity.Id is EntityIds.PowerSupply or EntityIds.PowerUnit);
            if (!areFans && !areSupplies)
            {
                continue;
            }

            IReadOnlyList<MachineDevice> all = areFans
                ? fans ??= MachineDevices.Fans(portName, inventory)
                : supplies ??= [.. MachineDevices.PowerSupplies(portName, inventory).Where(p => p.Entity.Id == EntityIds.PowerSupply)];
            MachineDevice[] held = [.. all.Where(d => inventory.Holds(sensor.Entity, d.Entity))];
            MachineDevice[] members = held.Length > 0 ? held : [.. all.Where(d => d.Entity != sensor.Entity)];
            if (members.Length > 0)
            {
                groups.Add(new RedundancyGroup(sensor, areFans, members));
            }
        }

        return groups;
    }
}
