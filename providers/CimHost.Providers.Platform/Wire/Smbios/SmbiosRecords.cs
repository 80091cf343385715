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
            0 => FirmwareInformation.TryRead(structure, out record),
            1 => SystemInformation.TryRead(structure, out record),
            2 => Baseboard.TryRead(structure, out record),
            3 => Enclosure.TryRead(structure, out record),
            4 => ProcessorInformation.TryRead(structure, out record),
            7 => CacheInformation.TryRead(structure, out record),
            8 => PortConnector.TryRead(structure, out record),
            9 => SystemSlot.TryRead(structure, out record),
            11 => OemStrings.TryRead(structure, out record),
            16 => PhysicalMemoryArray.TryRead(structure, out record),
            17 => MemoryDevice.TryRead(structure, out record),
            19 or 20 => MappedAddress.TryRead(structure, out record),
            22 => PortableBattery.TryRead(structure, out record),
            24 => HardwareSecurity.TryRead(structure, out record),
            26 or 28 or 29 => Probe.TryRead(structure, out record),
            27 => CoolingDeviceInformation.TryRead(structure, out record),
            32 => SystemBoot.TryRead(structure, out record),
            38 => IpmiDeviceInformation.TryRead(structure, out record),
            39 => PowerSupplyInformation.TryRead(structure, out record),
            41 => OnboardDevice.TryRead(structure, out record),
            42 => ManagementHostInterface.TryRead(structure, out record),
            43 => TpmDevice.TryRead(structure, out record),
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
