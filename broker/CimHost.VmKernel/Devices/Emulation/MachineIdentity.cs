namespace CimHost.VmKernel.Devices.Emulation;

/// <summary>What machine.json says: the system as a whole.</summary>
/// <param name="SystemName">Host name of the system.</param>
/// <param name="Manufacturer">Maker of the system.</param>
/// <param name="Model">Model of the system.</param>
/// <param name="SerialNumber">Serial number of the system.</param>
/// <param name="BiosVersion">Version of the system firmware.</param>
/// <param name="BiosDate">Release date of the system firmware.</param>
/// <param name="OperatingSystem">Operating system that the system reports to its BMC; null when it reports none.</param>
/// <param name="Description">What the machine is, for people.</param>
public sealed record MachineIdentity(
    string SystemName,
    string Manufacturer,
    string Model,
    string SerialNumber,
    string BiosVersion,
    DateOnly BiosDate,
    string? OperatingSystem,
    string Description);
