using System.Globalization;
using CimHost.TestBed;

namespace CimHost.Providers.Platform.Tests.Dmi;

/// <summary>What dmidecode prints of a table: handle, type, and the fields of each structure.</summary>
internal sealed record DmidecodeStructure(ushort Handle, byte Type, IReadOnlyList<(string Name, string Value)> Fields)
{
    private const string HandlePrefix = "Handle 0x";

    /// <summary>Runs dmidecode on a dump.</summary>
    public static async Task<IReadOnlyList<DmidecodeStructure>> RunAsync(byte[] dump)
    {
        using var folder = new TemporaryDirectory();
        string file = folder.PathOf("dump.bin");
        await File.WriteAllBytesAsync(file, dump);
        ToolRun run = await Tool.RunAsync(Peer.Require("dmidecode"), "--from-dump", file);
        return Parse(run.Succeeded().Output);
    }

    /// <summary>Reads what dmidecode printed.</summary>
    public static IReadOnlyList<DmidecodeStructure> Parse(string output)
    {
        var structures = new List<DmidecodeStructure>();
        List<(string Name, string Value)> fields = [];
        foreach (string line in output.Split('\n'))
        {
            if (line.StartsWith(HandlePrefix, StringComparison.Ordinal))
            {
                // "Handle 0x0400, DMI type 4, 48 bytes"
                string[] parts = line[HandlePrefix.Length..].Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
                fields = [];
                structures.Add(new DmidecodeStructure(Convert.ToUInt16(parts[0], 16), byte.Parse(parts[3], CultureInfo.InvariantCulture), fields));
            }
            else if (line.StartsWith("\t\t", StringComparison.Ordinal) && fields.Count > 0)
            {
                // A list below the field before it.
                (string name, string value) = fields[^1];
                fields[^1] = (name, value.Length == 0 ? line.Trim() : value + ", " + line.Trim());
            }
            else if (line.StartsWith('\t') && line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                fields.Add((line[1..colon], line[(colon + 1)..].Trim()));
            }
        }

        return structures;
    }
}
