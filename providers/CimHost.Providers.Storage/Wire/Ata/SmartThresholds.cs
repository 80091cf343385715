using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>SMART READ THRESHOLDS (SFF-8035i): the normalized value at or below which an attribute has failed, by attribute number.</summary>
internal sealed record SmartThresholds(IReadOnlyDictionary<byte, byte> ById)
{
    private const int Entries = 30;

    /// <summary>Reads the data.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out SmartThresholds? thresholds, [NotNullWhen(false)] out string? reason)
    {
        thresholds = null;
        reason = AtaSector.Check(data, "the SMART thresholds");
        if (reason is not null)
        {
            return false;
        }

        var byId = new Dictionary<byte, byte>();
        for (int i = 0; i < Entries; i++)
        {
            byte id = data[2 + (12 * i)];
            if (id != 0)
            {
                byId.TryAdd(id, data[3 + (12 * i)]);
            }
        }

        thresholds = new SmartThresholds(byId);
        return true;
    }
}
