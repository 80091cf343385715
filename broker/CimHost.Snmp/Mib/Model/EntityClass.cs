namespace CimHost.Snmp.Mib.Model;

/// <summary>Kind of a physical entity: IANAPhysicalClass of IANA-ENTITY-MIB.</summary>
internal enum EntityClass
{
    Other = 1,
    Unknown = 2,
    Chassis = 3,
    Backplane = 4,
    Container = 5,
    PowerSupply = 6,
    Fan = 7,
    Sensor = 8,
    Module = 9,
    Port = 10,
    Stack = 11,
    Cpu = 12,
    EnergyObject = 13,
    Battery = 14,
    StorageDrive = 15,
}
