using CimHost.Sdk.Cim;

namespace CimHost.Snmp.Mib.Model;

/// <summary>A network port with what went through it.</summary>
/// <param name="Index">ifIndex.</param>
/// <param name="Port">The instance of CIM_NetworkPort.</param>
/// <param name="Statistics">The instance of CIM_NetworkPortStatistics; null when none is known.</param>
/// <param name="IsOutdated">True when the last reading of the model did not get to it.</param>
internal sealed record PortView(int Index, CimInstance Port, CimInstance? Statistics, bool IsOutdated);
