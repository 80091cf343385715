namespace CimHost.Sdk.Hardware;

/// <summary>A report of a HID device.</summary>
/// <param name="Data">The report with its number in the first byte; the first byte is 0 where the device numbers no reports.</param>
/// <param name="Time">When it came.</param>
public sealed record HidReport(ReadOnlyMemory<byte> Data, DateTimeOffset Time);
