namespace CimHost.Providers.Storage.Devices;

/// <summary>Kinds of sensors of storage devices, with their units.</summary>
internal enum DiskSensorKind
{
    /// <summary>°C.</summary>
    Temperature,

    /// <summary>Spare blocks that are left, in percent.</summary>
    Spare,

    /// <summary>Part of the life that is used, in percent; may exceed 100.</summary>
    Wear,

    /// <summary>RPM.</summary>
    Fan,

    /// <summary>Hundredths of a volt.</summary>
    Voltage,

    /// <summary>Hundredths of an ampere.</summary>
    Current,
}
