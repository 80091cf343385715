using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sel;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>The event log of a controller as it was read last.</summary>
/// <param name="Info">What the controller told of the log before its records were read.</param>
/// <param name="Records">Every record, in the order of the log.</param>
/// <param name="HasWrapped">Old records were seen to make room for new ones.</param>
internal sealed record EventLogState(GetSelInfo Info, IReadOnlyList<SelRecord> Records, bool HasWrapped);
