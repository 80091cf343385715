using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Nvme;

/// <summary>Firmware Slot Information log (03h, NVMe Base 2.0 §5.16.1.4).</summary>
/// <param name="Active">Slot from which the controller runs, 1 to 7.</param>
/// <param name="Next">Slot that is used after the next reset; 0 when not told.</param>
/// <param name="Revisions">Revisions of slots 1 to 7; empty for an empty slot.</param>
internal sealed record NvmeFirmwareSlots(int Active, int Next, IReadOnlyList<string> Revisions)
{
    public const int Length = 512;

    /// <summary>Reads the log.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out NvmeFirmwareSlots? slots, [NotNullWhen(false)] out string? reason)
    {
        slots = null;
        reason = data.Length < Length ? $"the firmware slot log has {data.Length} bytes and not {Length}" : null;
        if (reason is not null)
        {
            return false;
        }

        string[] revisions = new string[7];
        for (int i = 0; i < revisions.Length; i++)
        {
            revisions[i] = FixedText.Read(data.Slice(8 + (8 * i), 8));
        }

        slots = new NvmeFirmwareSlots(data[0] & 7, (data[0] >> 4) & 7, revisions);
        return true;
    }
}
