namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>An entity of IPMI 2.0 §39: what kind of thing and which one of its kind.</summary>
/// <param name="Id">Entity id, table 43-13.</param>
/// <param name="Instance">Instance, 0–127; the top bit says that the entity is a logical container.</param>
internal readonly record struct EntityReference(byte Id, byte Instance)
{
    /// <summary>Reads "processor.1", "37.2" or, for a logical entity, "powerUnit.1 logical".</summary>
    public static EntityReference Read(MachineNode node)
    {
        const string Expected = "an entity and an instance from 0 to 127, such as \"processor.1\" or \"powerUnit.1 logical\"";
        string text = node.AsText();
        bool logical = text.EndsWith(" logical", StringComparison.Ordinal);
        string[] parts = (logical ? text[..^8] : text).Split('.');
        if (parts.Length != 2 || !byte.TryParse(parts[1], out byte instance) || instance > 127)
        {
            throw node.Expected(Expected);
        }

        if (!IpmiNames.Entities.TryGetValue(parts[0], out byte id) && !byte.TryParse(parts[0], out id))
        {
            throw node.Expected($"{Expected}; the entities are numbers or {string.Join(", ", IpmiNames.Entities.Keys)}");
        }

        return new EntityReference(id, (byte)(instance | (logical ? 0x80 : 0)));
    }
}
