using System.Globalization;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>Reads the options "-v ID,FORMAT[:BYTEORDER][,NAME[,HDD|SSD]]" of smartctl.</summary>
internal static class AttributePresets
{
    private const int MostOptions = 512;

    private static readonly Dictionary<string, RawFormat> s_formats = new(StringComparer.Ordinal)
    {
        ["raw8"] = RawFormat.Raw8, ["raw16"] = RawFormat.Raw16, ["raw48"] = RawFormat.Raw48, ["hex48"] = RawFormat.Hex48, ["raw56"] = RawFormat.Raw56,
        ["hex56"] = RawFormat.Hex56, ["raw64"] = RawFormat.Raw64, ["hex64"] = RawFormat.Hex64, ["raw16(raw16)"] = RawFormat.Raw16OptRaw16,
        ["raw16(avg16)"] = RawFormat.Raw16OptAvg16, ["raw24(raw8)"] = RawFormat.Raw24OptRaw8, ["raw24/raw24"] = RawFormat.Raw24DivRaw24,
        ["raw24/raw32"] = RawFormat.Raw24DivRaw32, ["sec2hour"] = RawFormat.Sec2Hour, ["min2hour"] = RawFormat.Min2Hour, ["halfmin2hour"] = RawFormat.HalfMin2Hour,
        ["msec24hour32"] = RawFormat.Msec24Hour32, ["tempminmax"] = RawFormat.TempMinMax, ["temp10x"] = RawFormat.Temp10x,
    };

    // Short forms from before there were formats.
    private static readonly Dictionary<string, AttributeDefinition> s_old = new(StringComparer.Ordinal)
    {
        ["9,halfminutes"] = new("Power_On_Half_Minutes", RawFormat.HalfMin2Hour),
        ["9,minutes"] = new("Power_On_Minutes", RawFormat.Min2Hour),
        ["9,seconds"] = new("Power_On_Seconds", RawFormat.Sec2Hour),
        ["9,temp"] = new("Temperature_Celsius", RawFormat.TempMinMax),
        ["192,emergencyretractcyclect"] = new("Emerg_Retract_Cycle_Ct", RawFormat.Raw48),
        ["193,loadunload"] = new("Load_Unload_Cycle_Count", RawFormat.Raw24DivRaw24),
        ["194,10xCelsius"] = new("Temperature_Celsius_x10", RawFormat.Temp10x),
        ["194,unknown"] = new("Unknown_Attribute", RawFormat.Raw48),
        ["197,increasing"] = new("Total_Pending_Sectors", RawFormat.Raw48),
        ["198,offlinescanuncsectorct"] = new("Offline_Scan_UNC_SectCt", RawFormat.Raw48),
        ["198,increasing"] = new("Total_Offl_Uncorrectabl", RawFormat.Raw48),
        ["200,writeerrorcount"] = new("Write_Error_Count", RawFormat.Raw48),
        ["201,detectedtacount"] = new("Detected_TA_Count", RawFormat.Raw48),
        ["220,temp"] = new("Temperature_Celsius", RawFormat.TempMinMax),
    };

    /// <summary>The definitions by attribute number; what is not understood is left out.</summary>
    public static IReadOnlyDictionary<byte, AttributePreset> Read(string presets)
    {
        var definitions = new Dictionary<byte, AttributePreset>();
        string[] words = presets.Split(' ', MostOptions, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        for (int i = 0; i + 1 < words.Length; i++)
        {
            if (words[i] != "-v")
            {
                continue;
            }

            string option = words[++i];
            if (ReadOption(option) is { } preset)
            {
                if (option.StartsWith("N,", StringComparison.Ordinal))
                {
                    foreach (byte id in Enumerable.Range(1, 255).Select(n => (byte)n).Where(id => !definitions.ContainsKey(id)))
                    {
                        definitions[id] = preset;
                    }
                }
                else if (byte.TryParse(option.AsSpan(0, option.IndexOf(',')), NumberStyles.None, CultureInfo.InvariantCulture, out byte id) && id != 0)
                {
                    definitions[id] = preset;
                }
            }
        }

        return definitions;
    }

    private static AttributePreset? ReadOption(string option)
    {
        if (s_old.TryGetValue(option, out AttributeDefinition? old))
        {
            return new AttributePreset(old, null);
        }

        string[] parts = option.Split(',', 5);
        string[] format = parts.Length > 1 ? parts[1].TrimEnd('+').Split(':', 2) : [string.Empty];
        if (parts.Length is < 2 or > 4 || !s_formats.TryGetValue(format[0], out RawFormat raw))
        {
            return null;
        }

        string order = format.Length > 1 && format[1].Length is >= 1 and <= 8 && format[1].All(c => c is (>= '0' and <= '5') or 'r' or 'v' or 'w' or 'z') ? format[1] : string.Empty;
        bool? solid = parts.Length == 4 ? parts[3] switch { "SSD" => true, "HDD" => false, _ => null } : null;
        return new AttributePreset(new AttributeDefinition(parts.Length > 2 ? parts[2] : string.Empty, raw, order), solid);
    }
}
