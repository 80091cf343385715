namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>How a compact or event-only record stands for several sensors (IPMI 2.0 §43.2, bytes 24–25).</summary>
/// <param name="Count">Number of sensors, at least 1.</param>
/// <param name="AlphaModifier">True when ids count A, B, C…, false for 0, 1, 2….</param>
/// <param name="EntityIncrements">True when each further sensor is on the next entity instance.</param>
/// <param name="ModifierOffset">What the first id is given: 1 with letters is "B".</param>
internal readonly record struct RecordSharing(int Count, bool AlphaModifier, bool EntityIncrements, int ModifierOffset)
{
    public static RecordSharing Read(ReadOnlySpan<byte> data) =>
        new(Math.Max(1, data[0] & 0x0F), ((data[0] >> 4) & 0x03) == 1, (data[1] & 0x80) != 0, data[1] & 0x7F);

    /// <summary>What is added to the id string of sensor <paramref name="index"/>; empty when the record stands for one.</summary>
    public string Suffix(int index)
    {
        if (Count == 1)
        {
            return string.Empty;
        }

        int number = ModifierOffset + index;
        if (!AlphaModifier)
        {
            return number.ToString();
        }

        // Past Z the letters go on as AA, AB…
        return number < 26 ? ((char)('A' + number)).ToString() : $"{(char)('A' + (number / 26) - 1)}{(char)('A' + (number % 26))}";
    }
}
