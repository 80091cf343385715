using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>SMART READ DATA (ACS-3 §7.53.6; the attributes of SFF-8035i, which ATA leaves to vendors).</summary>
internal sealed record SmartData
{
    private const int Entries = 30;

    public required IReadOnlyList<SmartAttribute> Attributes { get; init; }

    /// <summary>Self-test execution status: code in bits 7:4, tenths that remain in bits 3:0.</summary>
    public byte SelfTestStatus { get; init; }

    /// <summary>Bit 4: self-tests are there; bit 5: conveyance self-test.</summary>
    public byte OfflineCapability { get; init; }

    /// <summary>Recommended polling time of a short self-test, in minutes.</summary>
    public int ShortMinutes { get; init; }

    /// <summary>Recommended polling time of an extended self-test, in minutes.</summary>
    public int ExtendedMinutes { get; init; }

    /// <summary>Recommended polling time of a conveyance self-test, in minutes.</summary>
    public int ConveyanceMinutes { get; init; }

    public bool HasSelfTests => (OfflineCapability & 0x10) != 0;

    public bool HasConveyanceTest => HasSelfTests && (OfflineCapability & 0x20) != 0;

    /// <summary>True while a self-test runs.</summary>
    public bool SelfTestRuns => SelfTestStatus >> 4 == 0x0F;

    /// <summary>Reads the data.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out SmartData? smart, [NotNullWhen(false)] out string? reason)
    {
        smart = null;
        reason = AtaSector.Check(data, "SMART data");
        if (reason is not null)
        {
            return false;
        }

        var attributes = new List<SmartAttribute>(Entries);
        for (int i = 0; i < Entries; i++)
        {
            // A number that comes twice is the vendor's mistake; the first one counts.
            if (SmartAttribute.TryRead(data.Slice(2 + (i * SmartAttribute.Length), SmartAttribute.Length), out SmartAttribute attribute)
                && !attributes.Exists(a => a.Id == attribute.Id))
            {
                attributes.Add(attribute);
            }
        }

        smart = new SmartData
        {
            Attributes = attributes,
            SelfTestStatus = data[363],
            OfflineCapability = data[367],
            ShortMinutes = data[372],
            ConveyanceMinutes = data[374],
            ExtendedMinutes = data[373] == 0xFF ? BinaryPrimitives.ReadUInt16LittleEndian(data[375..]) : data[373],
        };
        return true;
    }
}
