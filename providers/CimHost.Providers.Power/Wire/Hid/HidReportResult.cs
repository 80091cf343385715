using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Wire.Hid;

/// <summary>What came of asking for a report.</summary>
/// <param name="Data">The report with its number in the first byte; empty without one.</param>
/// <param name="State">Ok: there is a report.</param>
/// <param name="Reason">Why there is none, as a sentence; null when there is.</param>
internal readonly record struct HidReportResult(ReadOnlyMemory<byte> Data, ReadingState State, string? Reason);
