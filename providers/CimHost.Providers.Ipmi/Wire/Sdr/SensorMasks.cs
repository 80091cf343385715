using System.Buffers.Binary;

namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>The three masks of full and compact records (IPMI 2.0 §43.1, bytes 15–20).</summary>
/// <param name="Assertion">Assertion events; for threshold sensors [14:12] which lower comparisons the reading returns.</param>
/// <param name="Deassertion">Deassertion events; for threshold sensors [14:12] which upper comparisons the reading returns.</param>
/// <param name="Reading">States that the reading can return; for threshold sensors [5:0] readable and [13:8] settable thresholds.</param>
internal readonly record struct SensorMasks(ushort Assertion, ushort Deassertion, ushort Reading)
{
    public static SensorMasks Read(ReadOnlySpan<byte> data) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(data),
        BinaryPrimitives.ReadUInt16LittleEndian(data[2..]),
        BinaryPrimitives.ReadUInt16LittleEndian(data[4..]));

    /// <summary>Readable thresholds, bit n for threshold n.</summary>
    public int ReadableThresholds => Reading & 0x3F;

    /// <summary>Settable thresholds, bit n for threshold n.</summary>
    public int SettableThresholds => (Reading >> 8) & 0x3F;

    /// <summary>Thresholds that make an assertion event in the direction that matters for them.</summary>
    public int EventThresholds
    {
        get
        {
            int events = 0;
            for (int i = 0; i < 6; i++)
            {
                events |= (Assertion & (3 << (i * 2))) != 0 ? 1 << i : 0;
            }

            return events;
        }
    }
}
