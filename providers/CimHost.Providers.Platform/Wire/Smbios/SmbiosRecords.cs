namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Makes records of structures.</summary>
internal static class SmbiosRecords
{
    /// <summary>
    /// The record of a structure. False with a reason when the structure breaks the form of its type, and false without one when its type is
    /// not one that is decoded.
    /// </summary>
    public static bool TryRead(SmbiosStructure structure, out SmbiosRecord? record, out string? reason)
    {
        record = null;
        reason = structure.Type switch
        {
            3 => Enclosure.TryRead(structure, out record),
            4 => ProcessorInformation.TryRead(structure, out record),
            17 => MemoryDevice.TryRead(structure, out record),
            _ => null,
        };
        return record is not null;
    }

    /// <summary>The record when the structure is long enough for the fields that every version has; else the reason.</summary>
    public static string? Require(SmbiosStructure structure, int shortest, Func<SmbiosStructure, SmbiosRecord> make, out SmbiosRecord? record)
    {
        record = structure.Length < shortest ? null : make(structure);
        return record is null ? $"it has {structure.Length} bytes and needs at least {shortest}" : null;
    }
}
