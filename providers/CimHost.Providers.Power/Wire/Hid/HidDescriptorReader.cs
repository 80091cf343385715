using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Power.Wire.Hid;

/// <summary>The state of reading a report descriptor item by item: global items with their stack, local items, open collections (HID 1.11 §6.2.2).</summary>
internal sealed class HidDescriptorReader
{
    private const int MaxDepth = 32;
    private const int MaxPushed = 16;
    private const int MaxUsages = 1024;
    private const uint Constant = 1;
    private const uint Variable = 2;

    private readonly List<HidField> _fields = [];
    private readonly List<uint> _applications = [];
    private readonly Dictionary<(HidReportType, byte), int> _bits = [];
    private readonly Stack<Globals> _pushed = new();
    private readonly List<uint> _usages = [];
    private uint[] _collections = [];
    private Globals _global;
    private uint? _usageMinimum;

    public HidReportDescriptor Result() => new(_fields, _applications, _bits);

    /// <summary>Takes the next item; returns what is wrong with it, null when nothing is.</summary>
    public string? Take(HidItem item) => item.Type switch
    {
        HidItemType.Main => TakeMain(item),
        HidItemType.Global => TakeGlobal(item),
        HidItemType.Local => TakeLocal(item),
        _ => null,
    };

    private string? TakeMain(HidItem item)
    {
        string? problem = item.Tag switch
        {
            0x8 => AddFields(HidReportType.Input, item.Unsigned),
            0xB => AddFields(HidReportType.Feature, item.Unsigned),
            0xA => OpenCollection(),
            0xC => CloseCollection(),
            _ => null,
        };

        // Local items reach to the next main item (§6.2.2.8).
        _usages.Clear();
        _usageMinimum = null;
        return problem;
    }

    private string? OpenCollection()
    {
        if (_collections.Length >= MaxDepth)
        {
            return $"nests more than {MaxDepth} collections";
        }

        uint usage = _usages.Count > 0 ? _usages[0] : 0;
        if (_collections.Length == 0)
        {
            _applications.Add(usage);
        }

        _collections = [.. _collections, usage];
        return null;
    }

    private string? CloseCollection()
    {
        if (_collections.Length == 0)
        {
            return "closes a collection that is not open";
        }

        _collections = _collections[..^1];
        return null;
    }

    private string? TakeGlobal(HidItem item)
    {
        switch (item.Tag)
        {
            case 0x0:
                _global.UsagePage = item.Unsigned & 0xFFFF;
                break;
            case 0x1:
                _global.LogicalMinimum = item.Signed;
                break;
            case 0x2:
                _global.LogicalMaximum = item;
                break;
            case 0x3:
                _global.PhysicalMinimum = item.Signed;
                break;
            case 0x4:
                _global.PhysicalMaximum = item;
                break;
            case 0x5:
                _global.UnitExponent = HidUnit.ReadExponent(item);
                break;
            case 0x6:
                _global.Unit = item.Unsigned;
                break;
            case 0x7:
                _global.ReportSize = item.Unsigned;
                break;
            case 0x8:
                _global.ReportId = (byte)item.Unsigned;
                return item.Unsigned is 0 or > 255 ? $"numbers a report {item.Unsigned}" : null;
            case 0x9:
                _global.ReportCount = item.Unsigned;
                break;
            case 0xA when _pushed.Count >= MaxPushed:
                return $"pushes more than {MaxPushed} times";
            case 0xA:
                _pushed.Push(_global);
                break;
            case 0xB:
                return _pushed.TryPop(out _global) ? null : "pops what was not pushed";
            default:
                break;
        }

        return null;
    }

    private string? TakeLocal(HidItem item)
    {
        // A usage of four bytes brings its page along (§6.2.2.8).
        uint usage = item.Size == 4 ? item.Unsigned : (_global.UsagePage << 16) | item.Unsigned;
        switch (item.Tag)
        {
            case 0x0:
                return AddUsages(usage, usage);
            case 0x1:
                _usageMinimum = usage;
                return null;
            case 0x2 when _usageMinimum is { } first:
                _usageMinimum = null;
                return usage < first ? "has a range of usages that ends before it begins" : AddUsages(first, usage);
            default:
                return null;
        }
    }

    private string? AddUsages(uint first, uint last)
    {
        if (last - first >= MaxUsages || _usages.Count + (last - first) >= MaxUsages)
        {
            return $"names more than {MaxUsages} usages for one item";
        }

        for (uint usage = first; usage <= last && usage >= first; usage++)
        {
            _usages.Add(usage);
        }

        return null;
    }

    private string? AddFields(HidReportType type, uint flags)
    {
        (HidReportType, byte) report = (type, _global.ReportId);
        int offset = _bits.GetValueOrDefault(report);
        ulong bits = (ulong)_global.ReportSize * _global.ReportCount;
        if (bits + (ulong)offset > HidReportDescriptor.MaxReportBits)
        {
            return $"lays out a report of more than {HidReportDescriptor.MaxReportBits / 8} bytes";
        }

        _bits[report] = offset + (int)bits;

        // "Constant" does not mean padding: UPSs mark what the host may not write so. Padding has no usage, or is an array.
        bool isPadding = _usages.Count == 0 || (flags & (Constant | Variable)) == Constant;
        bool hasValue = !isPadding && _global.ReportSize is >= 1 and <= 32;
        if (!hasValue)
        {
            return null;
        }

        if (_fields.Count + _global.ReportCount > HidReportDescriptor.MaxFields)
        {
            return $"has more than {HidReportDescriptor.MaxFields} fields";
        }

        bool isArray = (flags & Variable) == 0;
        uint[] selects = isArray ? [.. _usages] : [];
        for (int i = 0; i < _global.ReportCount; i++)
        {
            // The last usage stands for all further fields (§6.2.2.8).
            uint usage = isArray ? 0 : _usages[Math.Min(i, _usages.Count - 1)];
            _fields.Add(NewField(type, offset + (i * (int)_global.ReportSize), usage, selects));
        }

        return null;
    }

    private HidField NewField(HidReportType type, int offset, uint usage, uint[] selects) => new()
    {
        ReportType = type,
        ReportId = _global.ReportId,
        BitOffset = offset,
        BitSize = (int)_global.ReportSize,
        Usage = usage,
        Selects = selects,
        Collections = _collections,
        LogicalMinimum = _global.LogicalMinimum,
        LogicalMaximum = Maximum(_global.LogicalMaximum, _global.LogicalMinimum),
        PhysicalMinimum = _global.PhysicalMinimum,
        PhysicalMaximum = Maximum(_global.PhysicalMaximum, _global.PhysicalMinimum),
        Unit = new HidUnit(_global.Unit, _global.UnitExponent),
    };

    // A maximum is signed, as the minimum is; descriptors write 255 in one byte nevertheless, and mean it where the minimum is not negative.
    private static long Maximum(HidItem item, int minimum) => minimum < 0 ? item.Signed : item.Unsigned;

    private struct Globals
    {
        public uint UsagePage;
        public int LogicalMinimum;
        public HidItem LogicalMaximum;
        public int PhysicalMinimum;
        public HidItem PhysicalMaximum;
        public int UnitExponent;
        public uint Unit;
        public uint ReportSize;
        public byte ReportId;
        public uint ReportCount;
    }
}
