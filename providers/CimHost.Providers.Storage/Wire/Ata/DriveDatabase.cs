using System.Text.RegularExpressions;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>
/// smartmontools' drive database (<c>drivedb.h</c>): which attribute of which drive has which name and raw format. The file is a list of
/// C initializers { family, model pattern, firmware pattern, warning, presets }; of the presets only -v counts here.
/// </summary>
internal sealed class DriveDatabase
{
    private const int MostEntries = 20_000;
    private const int MostMatchMilliseconds = 50;
    private readonly IReadOnlyList<DriveEntry> _entries;

    private DriveDatabase(IReadOnlyList<DriveEntry> entries, IReadOnlyDictionary<byte, AttributePreset> defaults) => (_entries, Defaults) = (entries, defaults);

    /// <summary>A database without entries.</summary>
    public static DriveDatabase Empty { get; } = new([], new Dictionary<byte, AttributePreset>());

    /// <summary>How many kinds of drives it knows.</summary>
    public int Count => _entries.Count;

    /// <summary>Definitions of the entry DEFAULT, which hold where the drive's own entry says nothing.</summary>
    public IReadOnlyDictionary<byte, AttributePreset> Defaults { get; }

    /// <summary>Reads the text of the file. What it does not understand it leaves out; it never fails.</summary>
    public static DriveDatabase Read(string text)
    {
        var entries = new List<DriveEntry>();
        IReadOnlyDictionary<byte, AttributePreset> defaults = new Dictionary<byte, AttributePreset>();
        var scanner = new DriveDatabaseScanner(text);
        while (entries.Count < MostEntries && scanner.TryReadEntry(out string[] fields))
        {
            if (fields.Length != 5 || fields[0].StartsWith("VERSION", StringComparison.Ordinal) || fields[0].StartsWith("USB:", StringComparison.Ordinal))
            {
                continue;
            }

            if (fields[0] == "DEFAULT")
            {
                defaults = AttributePresets.Read(fields[4]);
            }
            else
            {
                entries.Add(new DriveEntry(fields[0], fields[1], fields[2], fields[3], fields[4]));
            }
        }

        return new DriveDatabase(entries, defaults);
    }

    /// <summary>The first entry for a drive; null when there is none.</summary>
    public DriveEntry? Find(string model, string firmware) =>
        _entries.FirstOrDefault(e => Matches(e.ModelPattern, model) && (e.FirmwarePattern.Length == 0 || Matches(e.FirmwarePattern, firmware)));

    // POSIX extended expressions that have to match as a whole; those used in the file mean the same to .NET.
    private static bool Matches(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, $"^(?:{pattern})$", RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(MostMatchMilliseconds));
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
