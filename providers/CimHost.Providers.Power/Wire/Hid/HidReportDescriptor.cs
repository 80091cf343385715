namespace CimHost.Providers.Power.Wire.Hid;

/// <summary>The fields that a report descriptor lays out (HID 1.11 §6.2.2).</summary>
internal sealed class HidReportDescriptor
{
    /// <summary>Longest descriptor that Linux takes, and so the longest that is read here.</summary>
    public const int MaxLength = 4096;

    /// <summary>Most fields of all reports together.</summary>
    public const int MaxFields = 2048;

    /// <summary>Longest report in bits, its number included.</summary>
    public const int MaxReportBits = 4096 * 8;

    internal HidReportDescriptor(IReadOnlyList<HidField> fields, IReadOnlyList<uint> applications, IReadOnlyDictionary<(Sdk.Hardware.HidReportType, byte), int> reportBits)
    {
        Fields = fields;
        Applications = applications;
        _reportBits = reportBits;
    }

    private readonly IReadOnlyDictionary<(Sdk.Hardware.HidReportType Type, byte Id), int> _reportBits;

    /// <summary>Input and feature fields with a value, in the order of the descriptor; padding and output reports are left out.</summary>
    public IReadOnlyList<HidField> Fields { get; }

    /// <summary>Usages of the outermost collections: what the device is.</summary>
    public IReadOnlyList<uint> Applications { get; }

    /// <summary>Length of a report in bytes, its number included; 0 when there is no such report.</summary>
    public int LengthOf(Sdk.Hardware.HidReportType type, byte reportId) => _reportBits.TryGetValue((type, reportId), out int bits) ? 1 + ((bits + 7) / 8) : 0;

    /// <summary>
    /// Reads a descriptor. On failure <paramref name="problem"/> says in the predicate of a sentence what is wrong with it ("ends inside an
    /// item"). A collection that is left open at the end is taken as closed, as devices in the field have it.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out HidReportDescriptor? descriptor, out string? problem)
    {
        descriptor = null;
        if (bytes.Length is 0 or > MaxLength)
        {
            problem = bytes.IsEmpty ? "is empty" : $"has {bytes.Length} bytes, more than {MaxLength}";
            return false;
        }

        var reader = new HidDescriptorReader();
        while (HidItem.TryRead(ref bytes, out HidItem item, out problem))
        {
            if ((problem = reader.Take(item)) is not null)
            {
                return false;
            }
        }

        if (problem is not null)
        {
            return false;
        }

        descriptor = reader.Result();
        return true;
    }
}
