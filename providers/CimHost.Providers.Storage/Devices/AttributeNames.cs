using CimHost.Providers.Storage.Wire.Ata;

namespace CimHost.Providers.Storage.Devices;

/// <summary>The definitions of a drive's attributes: from its entry in the drive database, else from the database's defaults, else the common names.</summary>
internal sealed class AttributeNames
{
    private readonly IReadOnlyDictionary<byte, AttributePreset> _own;
    private readonly IReadOnlyDictionary<byte, AttributePreset> _defaults;
    private readonly bool? _solidState;

    public AttributeNames(DriveDatabase database, DiskIdentity identity)
    {
        DriveEntry? entry = database.Find(identity.Model, identity.Firmware);
        Family = entry?.Family;
        _own = entry is null ? new Dictionary<byte, AttributePreset>() : AttributePresets.Read(entry.Presets);
        _defaults = database.Defaults;
        _solidState = identity.IsSolidState;
    }

    /// <summary>Family of the drive; null when the database does not know it.</summary>
    public string? Family { get; }

    /// <summary>The definition of an attribute; its name is never empty.</summary>
    public AttributeDefinition this[byte id]
    {
        get
        {
            AttributePreset? own = _own.GetValueOrDefault(id), fallback = Applying(_defaults.GetValueOrDefault(id));
            AttributeDefinition? chosen = own?.Definition ?? fallback?.Definition;
            string name = NameOf(Applying(own)) ?? NameOf(fallback) ?? AttributeTable.Name(id, _solidState);
            return new AttributeDefinition(name, chosen?.Format ?? RawFormat.Default, chosen?.ByteOrder ?? string.Empty);
        }
    }

    // A preset for the other kind of drive does not count.
    private AttributePreset? Applying(AttributePreset? preset) => preset?.SolidState is { } kind && _solidState is { } own && kind != own ? null : preset;

    private static string? NameOf(AttributePreset? preset) => preset?.Definition.Name is { Length: > 0 } name ? name : null;
}
