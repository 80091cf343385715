using System.Globalization;

namespace CimHost.Providers.Platform.Tests.Dmi;

/// <summary>Where each field of a structure is: layout.txt, which was written from the specification and not from the decoders.</summary>
internal static class DmiLayout
{
    private static readonly Lazy<IReadOnlyDictionary<string, DmiStructureLayout>> s_structures = new(Read);

    /// <summary>The layout of a structure by its name or number.</summary>
    public static DmiStructureLayout Of(string nameOrNumber) => s_structures.Value.TryGetValue(nameOrNumber, out DmiStructureLayout? layout)
        ? layout
        : new DmiStructureLayout(byte.Parse(nameOrNumber, CultureInfo.InvariantCulture), new Dictionary<string, DmiField>());

    private static Dictionary<string, DmiStructureLayout> Read()
    {
        using var reader = new StreamReader(typeof(DmiLayout).Assembly.GetManifestResourceStream("layout.txt")!);
        var structures = new Dictionary<string, DmiStructureLayout>(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, DmiField>? fields = null;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('['))
            {
                string[] head = line.Trim('[', ']').Split(' ', 2);
                fields = new(StringComparer.OrdinalIgnoreCase);
                var layout = new DmiStructureLayout(byte.Parse(head[0], CultureInfo.InvariantCulture), fields);
                structures.Add(head[0], layout);
                structures.Add(head[1], layout);
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                string[] parts = line.Split(' ', 3);
                fields!.Add(parts[2], new DmiField(Convert.ToInt32(parts[0], 16), parts[1][0]));
            }
        }

        return structures;
    }
}

/// <summary>Type and fields of a structure.</summary>
internal sealed record DmiStructureLayout(byte Type, IReadOnlyDictionary<string, DmiField> Fields);

/// <summary>Place and kind of a field.</summary>
internal sealed record DmiField(int Offset, char Kind)
{
    /// <summary>Bytes that the field takes; 0 for bytes, whose number the value tells.</summary>
    public int Length => Kind switch { 's' or 'b' => 1, 'w' => 2, 'd' => 4, 'q' => 8, _ => 0 };
}
