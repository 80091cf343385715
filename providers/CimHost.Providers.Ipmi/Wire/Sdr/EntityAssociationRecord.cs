namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>
/// Entity association record, type 08h, and its device-relative form, type 09h (IPMI 2.0 §43.4, §43.5): which entities a container holds.
/// </summary>
/// <param name="Header">Header.</param>
/// <param name="Container">The entity that holds the others.</param>
/// <param name="IsRange">True when the contained entities come as ranges, from the first to the second of each pair.</param>
/// <param name="Contained">Contained entities, or pairs of them; unused slots left out.</param>
internal sealed record EntityAssociationRecord(SdrHeader Header, Entity Container, bool IsRange, IReadOnlyList<Entity> Contained) : SdrRecord(Header)
{
    public static EntityAssociationRecord? Read(SdrHeader header, ReadOnlySpan<byte> body, bool deviceRelative)
    {
        // The device-relative form puts the address and channel of the owner in front of each entity.
        int prefix = deviceRelative ? 2 : 0;
        int entities = 3 + prefix, step = 2 + prefix;
        if (body.Length < entities + (4 * step))
        {
            return null;
        }

        var contained = new List<Entity>(4);
        for (int i = 0; i < 4; i++)
        {
            ReadOnlySpan<byte> slot = body.Slice(entities + (i * step) + prefix, 2);
            if (slot[0] != 0)
            {
                contained.Add(new Entity(slot[0], (byte)(slot[1] & 0x7F)));
            }
        }

        return new EntityAssociationRecord(header, new Entity(body[0], (byte)(body[1] & 0x7F)), (body[2 + prefix] & 0x80) != 0, contained);
    }

    /// <summary>True when the container holds the entity.</summary>
    public bool Contains(Entity entity)
    {
        if (!IsRange)
        {
            return Contained.Contains(entity);
        }

        for (int i = 0; i + 1 < Contained.Count; i += 2)
        {
            if (entity.Id == Contained[i].Id && entity.Instance >= Contained[i].Instance && entity.Instance <= Contained[i + 1].Instance)
            {
                return true;
            }
        }

        return false;
    }
}
