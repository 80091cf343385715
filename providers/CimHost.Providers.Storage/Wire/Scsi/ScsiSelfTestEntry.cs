namespace CimHost.Providers.Storage.Wire.Scsi;

/// <summary>A self-test that a SCSI device logged (page 10h, SPC-5 table 430).</summary>
/// <param name="Code">Self-test code: 1 background short, 2 background extended, 5 foreground short, 6 foreground extended.</param>
/// <param name="Result">0 passed, 1 and 2 aborted, 3 to 7 failed, Fh in progress.</param>
/// <param name="Segment">Number of the segment that failed.</param>
/// <param name="PowerOnHours">When it ended.</param>
/// <param name="Lba">Where it failed; null when it did not say.</param>
/// <param name="Key">Sense key of the failure.</param>
/// <param name="AdditionalCode">Additional sense code of the failure.</param>
/// <param name="Qualifier">Its qualifier.</param>
internal sealed record ScsiSelfTestEntry(byte Code, byte Result, byte Segment, ushort PowerOnHours, ulong? Lba, byte Key, byte AdditionalCode, byte Qualifier);
