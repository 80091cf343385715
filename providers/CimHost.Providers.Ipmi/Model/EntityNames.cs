using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Providers.Ipmi.Wire.Sensors;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>Names of things, made of entity and id string as ESXi shows them.</summary>
internal static class EntityNames
{
    private const byte FirstDeviceRelative = 0x60;

    /// <summary>Name of an entity: "Power Supply 1".</summary>
    public static string Name(Entity entity)
    {
        int instance = entity.Instance >= FirstDeviceRelative ? entity.Instance - FirstDeviceRelative : entity.Instance;
        return instance == 0 ? EntityIds.Name(entity.Id) : $"{EntityIds.Name(entity.Id)} {instance}";
    }

    /// <summary>
    /// Name of what an id string names on an entity: "Power Supply 1 Status". The entity is left out where it says nothing (the system
    /// board, an unspecified entity) and where the id string says it already.
    /// </summary>
    public static string Name(Entity entity, string idString) =>
        entity.Id is 0 or 1 or 2 or EntityIds.SystemBoard || idString.Contains(EntityIds.Name(entity.Id), StringComparison.OrdinalIgnoreCase)
            ? idString
            : $"{Name(entity)} {idString}";
}
