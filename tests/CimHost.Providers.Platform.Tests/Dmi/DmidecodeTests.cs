using System.Globalization;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Providers.Platform.Tests.Dmi;

/// <summary>Every field of every structure, against what dmidecode says of the same bytes.</summary>
public sealed class DmidecodeTests
{
    private const byte EndOfTable = 127;

    // What dmidecode prints where there is nothing to tell, and this package tells null.
    private static readonly string[] s_nothing = ["Not Specified", "Unknown", "Not Provided", "None", "Unspecified", "0", "Not Present", "Not Settable", "Unknown Or Non-rotating", "<BAD INDEX>"];

    // Fields that dmidecode derives or words in a way of its own; everything else has to be the same.
    private static readonly string[] s_ownWords =
    [
        "Signature", "Flags", "SBDS Serial Number", "SBDS Manufacture Date", "SBDS Chemistry", "NV Storage Device", "Peer Device 1",
        "Header and Data",
    ];

    public static TheoryData<string> Descriptions => new(DmiFixtures.All.Select(f => Path.GetRelativePath(RepositoryRoot.Folder, f)));

    public static TheoryData<string> Captured => new(DmiFixtures.Captured.Select(f => Path.GetFileName(f)!));

    [PeerTheory("dmidecode")]
    [MemberData(nameof(Descriptions))]
    public async Task Each_field_is_what_dmidecode_says(string file)
    {
        DmiDescription description = DmiDescription.Parse(RepositoryRoot.PathOf(file));
        Assert.True(SmbiosEntryPoint.TryRead(description.EntryPoint(), out SmbiosEntryPoint entryPoint, out string? problem), problem);
        Compare(SmbiosTable.Read(entryPoint, description.Table), await DmidecodeStructure.RunAsync(description.Dump()));
    }

    [Theory]
    [MemberData(nameof(Captured))]
    public async Task Each_field_of_a_captured_table_is_what_dmidecode_said_where_it_was_captured(string name)
    {
        string folder = Path.Combine(DmiFixtures.Folder, name);
        string tables = Path.Combine(folder, "files", "sys", "firmware", "dmi", "tables");
        Assert.True(SmbiosEntryPoint.TryRead(await File.ReadAllBytesAsync(Path.Combine(tables, "smbios_entry_point")), out SmbiosEntryPoint entryPoint, out string? problem), problem);
        SmbiosTable table = SmbiosTable.Read(entryPoint, await File.ReadAllBytesAsync(Path.Combine(tables, "DMI")));
        IReadOnlyList<DmidecodeStructure> theirs = DmidecodeStructure.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "dmidecode.txt")));
        Assert.Equal(theirs.Where(t => t.Type != EndOfTable).Select(t => (t.Handle, t.Type)), table.Structures.Select(s => (s.Handle, s.Type)));
        Compare(table, theirs);
    }

    private static void Compare(SmbiosTable table, IReadOnlyList<DmidecodeStructure> theirs)
    {
        var differences = new List<string>();
        int compared = 0;
        foreach (SmbiosStructure structure in table.Structures)
        {
            if (SmbiosRecords.TryRead(structure, out SmbiosRecord? record, out _))
            {
                DmidecodeStructure their = theirs.First(t => t.Handle == structure.Handle && t.Type == structure.Type);
                compared += Compare(record!, their, differences);
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.True(compared > 0, "no field was compared");
    }

    private static int Compare(SmbiosRecord record, DmidecodeStructure theirs, List<string> differences)
    {
        ILookup<string, string?> ours = record.Fields().ToLookup(f => f.Name, f => f.Value);
        int compared = 0;

        // Values that this dmidecode has no name for: reserved ones, and those of versions of the specification after it.
        foreach ((string name, string value) in theirs.Fields.Where(f => !s_ownWords.Contains(f.Name) && f.Value != "<OUT OF SPEC>"))
        {
            compared++;
            if (!ours.Contains(name))
            {
                differences.Add($"{record.TypeName} 0x{record.Handle:X4}: no field {name}, dmidecode says {value}");
            }
            else if (!ours[name].Any(our => our is null ? s_nothing.Contains(value) : Plain(our) == Plain(value)))
            {
                differences.Add($"{record.TypeName} 0x{record.Handle:X4} {name}: '{string.Join('|', ours[name])}', dmidecode says '{value}'");
            }
        }

        return compared;
    }

    // dmidecode separates the words of some lists by spaces only.
    private static string Plain(string text) => ExtendedAddress(text) ?? text.Replace(", ", " ", StringComparison.Ordinal);

    // Extended addresses are bytes (DSP0134 §7.20), which dmidecode prints with 16 digits and a k behind them.
    private static string? ExtendedAddress(string text) => text.Length == 19 && text.StartsWith("0x", StringComparison.Ordinal) && text[^1] == 'k'
        ? "0x" + ulong.Parse(text.AsSpan(2, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture).ToString("X11", CultureInfo.InvariantCulture)
        : null;
}
