using CimHost.Providers.Platform.Wire.Smbios;

namespace CimHost.Providers.Platform.Firmware;

/// <summary>The records of an SMBIOS table, each with a name that stays the same over restarts.</summary>
internal sealed class SmbiosInventory
{
    private readonly Dictionary<SmbiosRecord, string> _names;

    private SmbiosInventory(SmbiosTable? table, IReadOnlyList<SmbiosRecord> records, IReadOnlyList<string> problems)
    {
        Table = table;
        Records = records;
        Problems = problems;
        _names = Name(records);
    }

    /// <summary>The table; null without one.</summary>
    public SmbiosTable? Table { get; }

    /// <summary>The records of all structures whose type is known and whose form is right.</summary>
    public IReadOnlyList<SmbiosRecord> Records { get; }

    /// <summary>What was refused and why, one sentence each without the full stop.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>An inventory without records.</summary>
    public static SmbiosInventory None(string reason) => new(null, [], [reason]);

    /// <summary>The inventory of a table.</summary>
    public static SmbiosInventory Of(SmbiosTable table)
    {
        var records = new List<SmbiosRecord>();
        var problems = new List<string>();
        foreach (SmbiosStructure structure in table.Structures)
        {
            if (SmbiosRecords.TryRead(structure, out SmbiosRecord? record, out string? reason))
            {
                records.Add(record!);
            }
            else if (reason is not null)
            {
                problems.Add($"structure 0x{structure.Handle:X4} of type {structure.Type} is refused: {reason}");
            }
        }

        if (table.Problem is { } problem)
        {
            problems.Add("the table is cut short: " + problem);
        }

        return new SmbiosInventory(table, records, problems);
    }

    /// <summary>The records of one kind, in the table's order.</summary>
    public IEnumerable<TRecord> OfKind<TRecord>()
        where TRecord : SmbiosRecord => Records.OfType<TRecord>();

    /// <summary>The record with that handle; null when there is none of that kind.</summary>
    public TRecord? Find<TRecord>(ushort? handle)
        where TRecord : SmbiosRecord => handle is { } wanted ? Records.FirstOrDefault(r => r.Handle == wanted) as TRecord : null;

    /// <summary>Name of a record, different from those of all others of its kind: what is printed beside the part, else its handle.</summary>
    public string NameOf(SmbiosRecord record) => _names[record];

    private static Dictionary<SmbiosRecord, string> Name(IReadOnlyList<SmbiosRecord> records)
    {
        var names = new Dictionary<SmbiosRecord, string>(records.Count);
        foreach (IGrouping<byte, SmbiosRecord> kind in records.GroupBy(r => r.Structure.Type))
        {
            var given = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            ILookup<string?, SmbiosRecord> byLabel = kind.ToLookup(r => r.Label, StringComparer.OrdinalIgnoreCase);
            foreach (SmbiosRecord record in kind)
            {
                // Firmware that labels every socket alike tells them apart by the bank, or not at all.
                string label = record.Label is not { Length: > 0 } short_ ? $"0x{record.Handle:X4}"
                    : byLabel[short_].Skip(1).Any() && record.LongLabel is { } longer ? longer
                    : short_;
                string name = label;
                for (int n = 2; !given.Add(name); n++)
                {
                    name = $"{label}#{n}";
                }

                names.Add(record, name);
            }
        }

        return names;
    }
}
