using System.Security.Cryptography;
using System.Text;
using CimHost.Providers.Storage.Wire.Ata;
using CimHost.Providers.Storage.Wire.Nvme;
using CimHost.Providers.Storage.Wire.Scsi;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Devices;

/// <summary>Finds out what the device behind a port is.</summary>
internal static class Identification
{
    // A sensor's DeviceID adds its own name, and CIM takes 64 characters in all.
    private const int LongestId = 46;
    private const byte EnclosureType = 0x0D;

    /// <exception cref="HardwareException">It does not answer, or not with an identity.</exception>
    public static ValueTask<DiskIdentity> ReadAsync(DiskCommands commands, CancellationToken cancellationToken) =>
        commands.Port.Protocol == DiskProtocol.Nvme ? NvmeAsync(commands, cancellationToken) : ScsiAsync(commands, cancellationToken);

    /// <summary>The key: the best identifier there is, else vendor, model and serial number.</summary>
    public static string DeviceId(string? unique, string vendor, string model, string serial)
    {
        string id = unique ?? string.Join('-', new[] { vendor, model, serial }.Where(s => s.Length > 0));
        id = id.Replace(' ', '_').Replace('/', '_');
        return id.Length <= LongestId ? id : $"{id[..(LongestId - 9)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 4))}";
    }

    private static HardwareException Malformed(DiskCommands commands, string reason) => new(HardwareFault.Malformed, $"{commands.Port.Name}: {reason}.");

    private static async ValueTask<DiskIdentity> NvmeAsync(DiskCommands commands, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> data = await commands.ReadAsync(NvmeCommand.Identify(1, 0), cancellationToken);
        if (!NvmeIdentifyController.TryRead(data.Span, out NvmeIdentifyController? controller, out string? reason))
        {
            throw Malformed(commands, reason);
        }

        // The namespace carries EUI-64 and NGUID; a controller without one has its model and serial number only.
        var reads = new PageReads();
        NvmeIdentifyNamespace? space = await reads.TryAsync<NvmeIdentifyNamespace>(commands.ReadAsync(NvmeCommand.Identify(0, 1), cancellationToken), NvmeIdentifyNamespace.TryRead);
        string? unique = space?.Nguid is { } nguid ? "nguid." + nguid : space?.Eui64 is { } eui ? "eui." + eui : null;
        uint version = controller.Version;
        return new DiskIdentity
        {
            Kind = DiskKind.Nvme,
            DeviceId = DeviceId(unique, string.Empty, controller.Model, controller.SerialNumber),
            Model = controller.Model,
            SerialNumber = controller.SerialNumber,
            Firmware = controller.Firmware,
            OtherIds = [.. space?.Nguid is { } n ? ["NGUID:" + n] : Array.Empty<string>(), .. space?.Eui64 is { } e ? ["EUI64:" + e] : Array.Empty<string>()],
            BlockSize = space?.BlockSize ?? 0,
            PhysicalBlock = space?.BlockSize ?? 0,
            Blocks = space?.Blocks ?? 0,
            RotationRate = 1,
            InterconnectType = 1,
            Interconnect = "NVMe",
            SupportsSmart = true,
            PciVendor = controller.VendorId,
            ProtocolVersion = version == 0 ? string.Empty : $"{version >> 16}.{(version >> 8) & 0xFF}.{version & 0xFF}",
            Access = controller,
        };
    }

    private static async ValueTask<DiskIdentity> ScsiAsync(DiskCommands commands, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> data = await commands.ReadAsync(ScsiCdb.Inquiry, cancellationToken);
        if (!ScsiInquiry.TryRead(data.Span, out ScsiInquiry? inquiry, out string? reason))
        {
            throw Malformed(commands, reason);
        }

        IReadOnlyList<byte> pages = VpdPage.Supported((await OrEmptyAsync(commands, ScsiCdb.Vpd(0x00), cancellationToken)).Span);
        if (inquiry.DeviceType == EnclosureType)
        {
            return await ScsiDeviceAsync(commands, inquiry, pages, DiskKind.Enclosure, cancellationToken);
        }

        // A translation shows itself by the vendor or by the ATA information page; bridges that tell nothing are tried.
        if (inquiry.Vendor == "ATA" || pages.Contains((byte)0x89) || pages.Count == 0)
        {
            foreach (bool twelve in (bool[])[false, true])
            {
                if (await AtaAsync(commands, twelve, cancellationToken) is { } identity)
                {
                    return identity;
                }
            }
        }

        return await ScsiDeviceAsync(commands, inquiry, pages, DiskKind.Scsi, cancellationToken);
    }

    private static async ValueTask<DiskIdentity?> AtaAsync(DiskCommands commands, bool twelve, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> data;
        try
        {
            data = await commands.ReadAsync(AtaCommand.IdentifyDevice, twelve, cancellationToken);
        }
        catch (HardwareException e) when (e.Fault == HardwareFault.Unsupported)
        {
            return null;
        }

        if (!IdentifyDevice.TryRead(data.Span, out IdentifyDevice? ata, out string? reason))
        {
            throw Malformed(commands, reason);
        }

        string? unique = ata.Wwn == 0 ? null : $"naa.{ata.Wwn:x16}";
        return new DiskIdentity
        {
            Kind = DiskKind.Ata,
            DeviceId = DeviceId(unique, string.Empty, ata.Model, ata.SerialNumber),
            Model = ata.Model,
            SerialNumber = ata.SerialNumber,
            Firmware = ata.Firmware,
            OtherIds = unique is null ? [] : [$"WWN:{ata.Wwn:x16}"],
            BlockSize = ata.LogicalSector,
            PhysicalBlock = ata.PhysicalSector,
            Blocks = ata.Sectors,
            RotationRate = ata.RotationRate,
            FormFactor = FormFactor(ata.FormFactor),
            InterconnectType = (ushort)(ata.IsSerial || ata.LinkSpeed != 0 ? 4 : 3),
            Interconnect = ata.IsSerial || ata.LinkSpeed != 0 ? "SATA" : "ATA",
            LinkSpeed = ata.LinkSpeed,
            Encryption = (ushort)(!ata.SecuritySupported ? 0 : ata.SecurityLocked ? 3 : 2),
            SupportsSmart = ata.SmartSupported,
            Access = new AtaAccess(ata, twelve),
        };
    }

    private static async ValueTask<DiskIdentity> ScsiDeviceAsync(DiskCommands commands, ScsiInquiry inquiry, IReadOnlyList<byte> pages, DiskKind kind, CancellationToken cancellationToken)
    {
        string? serial = Has(0x80) ? VpdPage.SerialNumber((await OrEmptyAsync(commands, ScsiCdb.Vpd(0x80), cancellationToken)).Span) : null;
        DeviceIdentification ids = new(null, null, null, []);
        if (Has(0x83))
        {
            _ = DeviceIdentification.TryRead((await OrEmptyAsync(commands, ScsiCdb.Vpd(0x83), cancellationToken)).Span, out ids);
        }

        (int rate, byte form) = Has(0xB1) ? VpdPage.Characteristics((await OrEmptyAsync(commands, ScsiCdb.Vpd(0xB1), cancellationToken)).Span) : (0, (byte)0);
        bool? unmap = Has(0xB2) ? VpdPage.CanUnmap((await OrEmptyAsync(commands, ScsiCdb.Vpd(0xB2), cancellationToken)).Span) : null;
        ReadCapacity? capacity = kind == DiskKind.Enclosure
            ? null
            : await new PageReads().TryAsync<ReadCapacity>(OrEmptyAsync(commands, ScsiCdb.ReadCapacity, cancellationToken), ReadCapacity.TryRead);
        string? unique = ids.UnitNaa is { } naa ? "naa." + naa : ids.UnitEui is { } eui ? "eui." + eui : ids.UnitT10 is { } t10 ? "t10." + t10 : null;
        bool sas = ids.PortNaa.Count > 0;
        return new DiskIdentity
        {
            Kind = kind,
            DeviceId = DeviceId(unique, inquiry.Vendor, inquiry.Product, serial ?? string.Empty),
            Vendor = inquiry.Vendor,
            Model = inquiry.Product,
            SerialNumber = serial ?? string.Empty,
            Firmware = inquiry.Revision,
            OtherIds = [.. ids.UnitNaa is { } n ? ["NAA:" + n] : Array.Empty<string>(), .. ids.PortNaa.Select(p => "SAS:" + p)],
            SasAddresses = ids.PortNaa,
            BlockSize = capacity?.BlockSize ?? 0,
            PhysicalBlock = capacity?.PhysicalBlock ?? 0,
            Blocks = capacity?.Blocks ?? 0,
            RotationRate = rate,
            FormFactor = FormFactor(form),
            InterconnectType = (ushort)(sas ? 5 : 1),
            Interconnect = sas ? "SAS" : "SCSI",
            SupportsSmart = kind == DiskKind.Scsi,
            CanUnmap = unmap,
        };

        bool Has(byte page) => pages.Contains(page);
    }

    private static async ValueTask<ReadOnlyMemory<byte>> OrEmptyAsync(DiskCommands commands, ScsiCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await commands.ReadAsync(command, cancellationToken);
        }
        catch (HardwareException e) when (e.Fault is HardwareFault.Unsupported)
        {
            return default;
        }
    }

    // ATA and SCSI number the form factors alike: 1 5.25", 2 3.5", 3 2.5", 4 1.8"; CIM from 3 on.
    private static ushort FormFactor(byte code) => code switch { 0 => 0, >= 1 and <= 4 => (ushort)(code + 2), _ => 1 };
}
