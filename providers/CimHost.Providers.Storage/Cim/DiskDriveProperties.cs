using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Storage.Cim;

/// <summary>A disk as the properties of CimHost_DiskDrive.</summary>
internal static class DiskDriveProperties
{
    private const int LongestCaption = 64;
    private const ushort SmartNotification = 10;

    /// <summary>Sets what the disk is.</summary>
    public static void SetIdentity(CimInstance instance, DiskIdentity identity, IDiskPort port)
    {
        SetTexts(instance, identity, identity.Kind switch { DiskKind.Nvme => "NVMe controller", DiskKind.Ata => "ATA disk", _ => "SCSI disk" });
        instance["Name"] = identity.DeviceId;
        instance["Vendor"] = identity.Vendor.Length > 0 ? identity.Vendor : null;
        instance["Model"] = identity.Model;
        instance["SerialNumber"] = identity.SerialNumber.Length > 0 ? identity.SerialNumber : null;
        instance["FirmwareVersion"] = identity.Firmware;
        instance["OtherIdentifyingInfo"] = identity.OtherIds.ToArray();
        instance["KernelName"] = port.Name;
        instance["Location"] = port.Location.Length > 0 ? port.Location : null;
        instance["Protocol"] = identity.Kind.ToString().ToUpperInvariant();
        instance["ProtocolVersion"] = identity.ProtocolVersion.Length > 0 ? identity.ProtocolVersion : null;
        instance["MaxMediaSize"] = identity.Blocks == 0 ? CimValue.Null : identity.Blocks * identity.BlockSize / 1000;
        instance["DefaultBlockSize"] = identity.BlockSize == 0 ? CimValue.Null : (ulong)identity.BlockSize;
        instance["CapacityBytes"] = identity.Blocks == 0 ? CimValue.Null : identity.Blocks * identity.BlockSize;
        instance["PhysicalBlockSize"] = identity.PhysicalBlock == 0 ? CimValue.Null : (ulong)identity.PhysicalBlock;
        instance["DiskType"] = (ushort)(identity.IsSolidState switch { true => 3, false => 2, null => 0 });
        instance["RPM"] = identity.RotationRate switch { 0 => CimValue.Null, 1 => 0u, int rate => (uint)rate };
        instance["FormFactor"] = identity.FormFactor;
        instance["InterconnectType"] = identity.InterconnectType;
        instance["OtherInterconnectType"] = identity.InterconnectType == 1 ? identity.Interconnect : null;
        instance["InterconnectSpeed"] = identity.LinkSpeed;
        instance["Encryption"] = identity.Encryption;
        instance["CanUnmap"] = identity.CanUnmap;
        instance["Capabilities"] = identity.SupportsSmart ? new ushort[] { 3, 4, SmartNotification } : [3, 4];
    }

    /// <summary>Sets what the disk says of itself now.</summary>
    public static void SetSample(CimInstance instance, DiskSample sample, DateTimeOffset now)
    {
        Health.Set(instance, sample, now);
        instance["PowerMode"] = sample.PowerMode.Length > 0 ? sample.PowerMode : null;
        instance["TotalPowerOnHours"] = sample.PowerOnHours;
        instance["PowerCycles"] = sample.PowerCycles;
        instance["Temperature"] = sample.Sensors.FirstOrDefault(s => s.Key == "temperature")?.Value;
        instance["HealthReasons"] = sample.HealthReasons.ToArray();
        instance["Problems"] = sample.Problems.ToArray();
        instance["SelfTestSupported"] = sample.HasValues ? sample.SelfTestOffers.Count > 0 : CimValue.Null;
        instance["SelfTestRunning"] = sample.HasValues ? sample.SelfTestPercent is not null : CimValue.Null;
        instance["SelfTestPercentComplete"] = sample.SelfTestPercent is { } percent ? (ushort)percent : CimValue.Null;
    }

    /// <summary>Sets the texts for people.</summary>
    public static void SetTexts(CimInstance instance, DiskIdentity identity, string what)
    {
        string name = $"{identity.Vendor} {identity.Model}".Trim();
        instance["Caption"] = name.Length <= LongestCaption ? name : name[..LongestCaption];
        instance["ElementName"] = identity.SerialNumber.Length > 0 ? $"{name} ({identity.SerialNumber})" : name;
        instance["Description"] = $"{what} {identity.DeviceId}";
    }
}
