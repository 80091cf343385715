using CimHost.Sdk.Cim;

namespace CimHost.Snmp.Mib.Model;

/// <summary>A value that a disk tells of itself.</summary>
/// <param name="Disk">entPhysicalIndex of the disk.</param>
/// <param name="Index">Number of the value on the host.</param>
/// <param name="Instance">The instance of CimHost_SmartAttribute.</param>
internal sealed record SmartView(int Disk, int Index, CimInstance Instance);
