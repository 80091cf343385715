using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Providers.Ipmi.Wire.Sensors;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>
/// Finds the fans and power supplies of a machine. A controller does not list them; they are the entities on which its sensors sit.
/// </summary>
internal static class MachineDevices
{
    // A fan may have two rotors; an entity with more speeds is one under which a controller has put all its fans.
    private const int MaxSpeedsOfFan = 2;

    /// <summary>
    /// Fans: entities of the kind fan or cooling unit. Where fan sensors sit on another entity, or many speeds on one, each speed is a fan
    /// of its own.
    /// </summary>
    public static IReadOnlyList<MachineDevice> Fans(string portName, BmcInventory inventory)
    {
        var fans = new List<MachineDevice>();
        foreach (IGrouping<Entity, BmcSensor> sensors in inventory.Sensors.Where(s => IsFanEntity(s.Entity) || s.SensorType == SensorTypes.Fan).GroupBy(s => s.Entity))
        {
            BmcSensor[] speeds = [.. sensors.Where(s => s.SensorType == SensorTypes.Fan && s.Kind == SensorKind.Numeric)];
            if (IsFanEntity(sensors.Key) && speeds.Length <= MaxSpeedsOfFan)
            {
                fans.Add(OfEntity("fan", portName, sensors));
            }
            else
            {
                IEnumerable<BmcSensor> alone = speeds.Length > 0 ? speeds : sensors.Where(s => s.SensorType == SensorTypes.Fan);
                fans.AddRange(alone.Select(s => new MachineDevice($"{s.DeviceId.Insert(portName.Length + 1, "fan.")}", s.ElementName, s.Entity, [s])));
            }
        }

        return fans;
    }

    /// <summary>Power supplies: entities of that kind, by their sensors or their FRU locators, and other entities with a power supply sensor.</summary>
    public static IReadOnlyList<MachineDevice> PowerSupplies(string portName, BmcInventory inventory)
    {
        List<MachineDevice> supplies = [.. inventory.Sensors
            .GroupBy(s => s.Entity)
            .Where(g => g.Key.Id == EntityIds.PowerSupply || g.Any(s => s.SensorType == SensorTypes.PowerSupply))
            .Select(g => OfEntity("psu", portName, g))];
        IEnumerable<Entity> located = inventory.FruLocators.Select(l => l.Entity).Where(e => e.Id == EntityIds.PowerSupply).Distinct();
        supplies.AddRange(located.Where(e => supplies.All(s => s.Entity != e)).Select(e => new MachineDevice(Id("psu", portName, e), EntityNames.Name(e), e, [])));
        return supplies;
    }

    private static bool IsFanEntity(Entity entity) => entity.Id is EntityIds.Fan or EntityIds.CoolingUnit;

    private static MachineDevice OfEntity(string kind, string portName, IGrouping<Entity, BmcSensor> sensors) =>
        new(Id(kind, portName, sensors.Key), EntityNames.Name(sensors.Key), sensors.Key, [.. sensors]);

    private static string Id(string kind, string portName, Entity entity) => $"{portName}:{kind}.{entity.Id}.{entity.Instance}";
}
