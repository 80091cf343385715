namespace CimHost.Sdk.Hardware;

/// <summary>One SCSI answer.</summary>
/// <param name="Status">Status code (SAM-5 §5.3): 00h GOOD, 02h CHECK CONDITION, 08h BUSY, 18h RESERVATION CONFLICT…</param>
/// <param name="Sense">Sense data, empty when the device gave none.</param>
/// <param name="Data">What the device returned, at most the transfer length of the command; shorter when it returned less.</param>
public readonly record struct ScsiResponse(byte Status, ReadOnlyMemory<byte> Sense, ReadOnlyMemory<byte> Data)
{
    /// <summary>True for status GOOD.</summary>
    public bool IsGood => Status == 0;
}
