namespace CimHost.Sdk.Testing;

/// <summary>What a disk answered to a command.</summary>
/// <param name="Status">SCSI status or NVMe status field.</param>
/// <param name="Sense">Sense data of a SCSI command.</param>
/// <param name="Data">Data that it returned.</param>
public sealed record RecordedAnswer(ushort Status, byte[] Sense, byte[] Data);
