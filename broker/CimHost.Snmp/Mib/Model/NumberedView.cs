using CimHost.Sdk.Cim;

namespace CimHost.Snmp.Mib.Model;

/// <summary>An instance with the number of its row.</summary>
/// <param name="Index">Number; the same thing has the same for ever.</param>
/// <param name="Instance">The instance.</param>
/// <param name="IsOutdated">True when the last reading of the model did not get to it.</param>
internal sealed record NumberedView(int Index, CimInstance Instance, bool IsOutdated);
