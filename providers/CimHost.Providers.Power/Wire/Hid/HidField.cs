using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Wire.Hid;

/// <summary>One value inside a report, as a report descriptor lays it out.</summary>
internal sealed record HidField
{
    /// <summary>Kind of the report.</summary>
    public required HidReportType ReportType { get; init; }

    /// <summary>Number of the report; 0 where the device numbers none.</summary>
    public required byte ReportId { get; init; }

    /// <summary>First bit, counted from the first byte after the report number.</summary>
    public required int BitOffset { get; init; }

    /// <summary>Bits of the value, 1 to 32.</summary>
    public required int BitSize { get; init; }

    /// <summary>What the value is: usage page in the upper 16 bits, usage in the lower. 0 for the elements of an array.</summary>
    public required uint Usage { get; init; }

    /// <summary>For an element of an array: the usages that its value selects from, counted from <see cref="LogicalMinimum"/>; else empty.</summary>
    public IReadOnlyList<uint> Selects { get; init; } = [];

    /// <summary>Usages of the collections around it, the outermost first.</summary>
    public required IReadOnlyList<uint> Collections { get; init; }

    /// <summary>Least value, as it stands in the report.</summary>
    public required int LogicalMinimum { get; init; }

    /// <summary>Greatest value, as it stands in the report; unsigned where the minimum is not negative.</summary>
    public required long LogicalMaximum { get; init; }

    /// <summary>What the logical minimum means in <see cref="Unit"/>.</summary>
    public required int PhysicalMinimum { get; init; }

    /// <summary>What the logical maximum means in <see cref="Unit"/>; both 0: the same as the logical ones.</summary>
    public required long PhysicalMaximum { get; init; }

    /// <summary>Unit and its exponent.</summary>
    public required HidUnit Unit { get; init; }

    /// <summary>
    /// The value as it stands in a report. False when the report is too short for the field; a value outside the logical range is read too,
    /// as HID 1.11 §5.10 calls it a null value, and <see cref="IsInRange"/> tells.
    /// </summary>
    /// <param name="report">The report with its number in the first byte.</param>
    /// <param name="value">The value.</param>
    public bool TryRead(ReadOnlySpan<byte> report, out long value)
    {
        value = 0;
        if (report.IsEmpty || report[0] != ReportId || (long)BitOffset + BitSize > (long)(report.Length - 1) * 8)
        {
            return false;
        }

        ReadOnlySpan<byte> data = report[1..];
        ulong bits = 0;
        int first = BitOffset / 8;
        int last = (BitOffset + BitSize - 1) / 8;
        for (int i = last; i >= first; i--)
        {
            bits = (bits << 8) | data[i];
        }

        bits = (bits >> (BitOffset % 8)) & ((1UL << BitSize) - 1);
        bool negative = LogicalMinimum < 0 && (bits & (1UL << (BitSize - 1))) != 0;
        value = negative ? (long)bits - (1L << BitSize) : (long)bits;
        return true;
    }

    /// <summary>False for a null value: one outside the logical range.</summary>
    public bool IsInRange(long value) => value >= LogicalMinimum && value <= LogicalMaximum;

    /// <summary>The value in <see cref="Unit"/> without its exponent (HID 1.11 §6.2.2.7).</summary>
    public double ToPhysical(long value)
    {
        if ((PhysicalMinimum == 0 && PhysicalMaximum == 0) || LogicalMaximum == LogicalMinimum)
        {
            return value;
        }

        return ((value - LogicalMinimum) * ((double)PhysicalMaximum - PhysicalMinimum) / ((double)LogicalMaximum - LogicalMinimum)) + PhysicalMinimum;
    }
}
