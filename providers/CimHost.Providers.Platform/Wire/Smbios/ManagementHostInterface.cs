using System.Globalization;

namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Management Controller Host Interface, type 42 (DSP0134 §7.43; DSP0270).</summary>
internal sealed class ManagementHostInterface : SmbiosRecord
{
    private const int ShortestLength = 0x09;
    private const int DataAt = 0x06;
    private const byte NetworkInterface = 0x40;

    private ManagementHostInterface(SmbiosStructure structure, IReadOnlyList<byte> protocols)
        : base(structure) => Protocols = protocols;

    /// <inheritdoc/>
    public override string TypeName => "Management Controller Host Interface";

    public byte InterfaceType => Structure.Formatted[0x04];

    /// <summary>Numbers of the protocols spoken over it: 2 IPMI, 3 MCTP, 4 Redfish over IP.</summary>
    public IReadOnlyList<byte> Protocols { get; }

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record)
    {
        record = null;
        if (structure.Length < ShortestLength)
        {
            return $"it has {structure.Length} bytes and needs at least {ShortestLength}";
        }

        int at = DataAt + structure.Formatted[0x05];
        if (structure.Byte(at) is not { } count)
        {
            return $"it announces {structure.Formatted[0x05]} bytes of interface data and has {structure.Length} bytes in all";
        }

        at++;
        var protocols = new List<byte>();
        for (int i = 0; i < count; i++)
        {
            if (structure.Byte(at) is not { } protocol || structure.Byte(at + 1) is not { } length || at + 2 + length > structure.Length)
            {
                return $"its protocol record {i + 1} of {count} does not fit into its {structure.Length} bytes";
            }

            protocols.Add(protocol);
            at += 2 + length;
        }

        record = new ManagementHostInterface(structure, protocols);
        return null;
    }

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Host Interface Type", InterfaceName());
        if (InterfaceType == NetworkInterface && Structure.Formatted[0x05] > 0)
        {
            yield return new("Device Type", Structure.Formatted[0x06] switch
            {
                2 or 4 => "USB",
                3 or 5 => "PCI/PCIe",
                >= 0x80 => "OEM",
                var type => SmbiosText.Hex(type, 2),
            });
            if (Structure.Formatted[0x06] is 2 or 4 && Structure.Formatted[0x05] >= 5)
            {
                yield return new("idVendor", Id(0x07));
                yield return new("idProduct", Id(0x09));
            }
        }

        foreach (byte protocol in Protocols)
        {
            yield return new("Protocol ID", ProtocolName(protocol));
        }
    }

    private string Id(int offset) => "0x" + Structure.Word(offset)?.ToString("x4", CultureInfo.InvariantCulture);

    private string InterfaceName() => InterfaceType switch
    {
        2 => "KCS: Keyboard Controller Style",
        3 => "8250 UART Register Compatible",
        4 => "16450 UART Register Compatible",
        5 => "16550/16550A UART Register Compatible",
        6 => "16650/16650A UART Register Compatible",
        7 => "16750/16750A UART Register Compatible",
        8 => "16850/16850A UART Register Compatible",
        NetworkInterface => "Network",
        0xF0 => "OEM",
        < 0x40 => "MCTP host interface " + InterfaceType.ToString("X2", CultureInfo.InvariantCulture) + "h",
        _ => "Reserved (" + InterfaceType.ToString("X2", CultureInfo.InvariantCulture) + "h)",
    };

    private static string ProtocolName(byte protocol) => protocol.ToString("X2", CultureInfo.InvariantCulture) + protocol switch
    {
        2 => " (IPMI)",
        3 => " (MCTP)",
        4 => " (Redfish over IP)",
        0xF0 => " (OEM)",
        _ => " (Reserved)",
    };
}
