namespace CimHost.Providers.Platform.Wire.Smbios;

/// <summary>Port Connector Information, type 8 (DSP0134 §7.9).</summary>
internal sealed class PortConnector : SmbiosRecord
{
    private const int ShortestLength = 0x09;
    private const int FirstPc98 = 0xA0;

    private static readonly string?[] s_connectors =
    [
        "None", "Centronics", "Mini Centronics", "Proprietary", "DB-25 male", "DB-25 female", "DB-15 male", "DB-15 female", "DB-9 male",
        "DB-9 female", "RJ-11", "RJ-45", "50 Pin MiniSCSI", "Mini DIN", "Micro DIN", "PS/2", "Infrared", "HP-HIL", "Access Bus (USB)", "SSA SCSI",
        "Circular DIN-8 male", "Circular DIN-8 female", "On Board IDE", "On Board Floppy", "9 Pin Dual Inline (pin 10 cut)",
        "25 Pin Dual Inline (pin 26 cut)", "50 Pin Dual Inline", "68 Pin Dual Inline", "On Board Sound Input From CD-ROM", "Mini Centronics Type-14",
        "Mini Centronics Type-26", "Mini Jack (headphones)", "BNC", "IEEE 1394", "SAS/SATA Plug Receptacle", "USB Type-C Receptacle",
    ];

    private static readonly string?[] s_pc98Connectors = ["PC-98", "PC-98 Hireso", "PC-H98", "PC-98 Note", "PC-98 Full"];

    private static readonly string?[] s_ports =
    [
        "None", "Parallel Port XT/AT Compatible", "Parallel Port PS/2", "Parallel Port ECP", "Parallel Port EPP", "Parallel Port ECP/EPP",
        "Serial Port XT/AT Compatible", "Serial Port 16450 Compatible", "Serial Port 16550 Compatible", "Serial Port 16550A Compatible", "SCSI Port",
        "MIDI Port", "Joystick Port", "Keyboard Port", "Mouse Port", "SSA SCSI", "USB", "Firewire (IEEE P1394)", "PCMCIA Type I", "PCMCIA Type II",
        "PCMCIA Type III", "Cardbus", "Access Bus Port", "SCSI II", "SCSI Wide", "PC-98", "PC-98 Hireso", "PC-H98", "Video Port", "Audio Port",
        "Modem Port", "Network Port", "SATA", "SAS", "MFDP (Multi-Function Display Port)", "Thunderbolt",
    ];

    private PortConnector(SmbiosStructure structure)
        : base(structure)
    {
    }

    /// <inheritdoc/>
    public override string TypeName => "Port Connector Information";

    /// <inheritdoc/>
    public override string? Label => ExternalDesignator ?? InternalDesignator;

    /// <inheritdoc/>
    public override string? LongLabel => ExternalDesignator is { } external && InternalDesignator is { } inside ? $"{external}/{inside}" : null;

    public string? InternalDesignator => Structure.Text(0x04);

    public byte InternalConnector => Structure.Formatted[0x05];

    public string? ExternalDesignator => Structure.Text(0x06);

    public byte ExternalConnector => Structure.Formatted[0x07];

    public byte PortType => Structure.Formatted[0x08];

    /// <summary>What the connector is for, in words.</summary>
    public string? PortTypeName => PortType switch
    {
        0xA0 => "8251 Compatible",
        0xA1 => "8251 FIFO Compatible",
        0xFF => "Other",
        var type => SmbiosText.Name(s_ports, type, first: 0),
    };

    public static string? TryRead(SmbiosStructure structure, out SmbiosRecord? record) =>
        SmbiosRecords.Require(structure, ShortestLength, static s => new PortConnector(s), out record);

    /// <summary>Name of a kind of connector.</summary>
    public static string? ConnectorName(byte connector) => connector == 0xFF ? "Other"
        : connector >= FirstPc98 ? SmbiosText.Name(s_pc98Connectors, connector, FirstPc98)
        : SmbiosText.Name(s_connectors, connector, first: 0);

    /// <inheritdoc/>
    public override IEnumerable<SmbiosField> Fields()
    {
        yield return new("Internal Reference Designator", InternalDesignator);
        yield return new("Internal Connector Type", ConnectorName(InternalConnector));
        yield return new("External Reference Designator", ExternalDesignator);
        yield return new("External Connector Type", ConnectorName(ExternalConnector));
        yield return new("Port Type", PortTypeName);
    }
}
