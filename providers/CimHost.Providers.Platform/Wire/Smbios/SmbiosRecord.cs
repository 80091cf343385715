namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>A structure of a known type, its fields at hand by name. Made by <see cref="SmbiosRecords"/> once its lengths and counts were checked.</summary>
internal abstract class SmbiosRecord(SmbiosStructure structure)
{
    /// <summary>The bytes.</summary>
    public SmbiosStructure Structure { get; } = structure;

    /// <summary>Handle by which other structures refer to this one.</summary>
    public ushort Handle => Structure.Handle;

    /// <summary>Name of the type as in DSP0134 §7.</summary>
    public abstract string TypeName { get; }

    /// <summary>What is printed beside the part that this is about; null when the type has no such field or the firmware left it empty.</summary>
    public virtual string? Label => null;

    /// <summary>A longer label for where the short one is not enough; null when there is none.</summary>
    public virtual string? LongLabel => null;

    /// <summary>
    /// The fields that the structure has, in their order, with the names of the specification and the value in words. A value of null is
    /// one that the firmware did not specify.
    /// </summary>
    public abstract IEnumerable<SmbiosField> Fields();
}

/// <summary>A field of a structure in words.</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="Value">Its value; null when not specified.</param>
internal readonly record struct SmbiosField(string Name, string? Value);
