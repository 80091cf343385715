namespace CimHost.Snmp.Mib;

/// <summary>VmwSubsystemTypes of VMWARE-TC-MIB.</summary>
internal enum VMwareSubsystem
{
    /// <summary>unknown.</summary>
    Unknown = 1,

    /// <summary>chassis.</summary>
    Chassis = 2,

    /// <summary>powerSupply.</summary>
    PowerSupply = 3,

    /// <summary>fan.</summary>
    Fan = 4,

    /// <summary>cpu.</summary>
    Cpu = 5,

    /// <summary>memory.</summary>
    Memory = 6,

    /// <summary>battery.</summary>
    Battery = 7,

    /// <summary>temperatureSensor.</summary>
    TemperatureSensor = 8,

    /// <summary>raidController.</summary>
    RaidController = 9,

    /// <summary>voltage.</summary>
    Voltage = 10,
}
