using System.Composition;
using System.Globalization;
using CimHost.Providers.Storage.Devices;
using CimHost.Providers.Storage.Wire.Ses;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>Enclosures with their slots, fans and power supplies (SES).</summary>
[CimProvider(ClassNames.Enclosure, ClassNames.EnclosureSlot, ClassNames.EnclosureFan, ClassNames.EnclosurePowerSupply, DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class EnclosureProvider(IProviderHost host, StorageDevices devices) : StorageProvider(host, devices)
{
    /// <summary>The class of an element; null for one that has only sensors, or nothing.</summary>
    public static string? ClassOf(SesElement element) => element.Type switch
    {
        SesElement.DeviceSlot or SesElement.ArrayDeviceSlot => ClassNames.EnclosureSlot,
        SesElement.Cooling when element.IsInstalled => ClassNames.EnclosureFan,
        SesElement.PowerSupply when element.IsInstalled => ClassNames.EnclosurePowerSupply,
        _ => null,
    };

    /// <summary>Name of an element within its enclosure.</summary>
    public static string PartOf(SesElement element) => string.Create(CultureInfo.InvariantCulture, $"element{element.TypeIndex}.{element.Index}");

    protected override bool Serves(DiskIdentity identity) => !identity.IsDisk;

    protected override async ValueTask<IReadOnlyList<CimInstance>> TellAsync(StorageDevice device, DiskIdentity identity, CimProviderRequest request, CancellationToken cancellationToken)
    {
        DiskSample sample = await device.SampleAsync(cancellationToken);
        return request.CimClass.ClassName == ClassNames.Enclosure
            ? [Enclosure(device, identity, sample, request)]
            : [.. sample.Elements.Where(e => ClassOf(e) == request.CimClass.ClassName).Select(e => Element(identity, sample, e, request))];
    }

    private CimInstance Enclosure(StorageDevice device, DiskIdentity identity, DiskSample sample, CimProviderRequest request)
    {
        CimInstance instance = request.NewInstance();
        instance["CreationClassName"] = instance.ClassName;
        instance["Tag"] = identity.DeviceId;
        DiskDriveProperties.SetTexts(instance, identity, "Enclosure");
        instance["Manufacturer"] = identity.Vendor;
        instance["Model"] = identity.Model;
        instance["SerialNumber"] = identity.SerialNumber.Length > 0 ? identity.SerialNumber : null;
        instance["Version"] = identity.Firmware;
        instance["KernelName"] = device.Port.Name;
        instance["Location"] = device.Port.Location.Length > 0 ? device.Port.Location : null;
        instance["Problems"] = sample.Problems.ToArray();
        instance["PackageType"] = (ushort)3;
        Health.Set(instance, sample, Host.Time.GetUtcNow());
        return instance;
    }

    private CimInstance Element(DiskIdentity identity, DiskSample sample, SesElement element, CimProviderRequest request)
    {
        CimInstance instance = request.NewInstance();
        StoragePaths.SetDevice(Host, instance, identity, PartOf(element));
        string name = EnclosureReader.NameOf(element);
        instance["Name"] = $"{identity.DeviceId}/{PartOf(element)}";
        instance["Caption"] = name;
        instance["ElementName"] = $"{name} ({identity.Vendor} {identity.Model} {identity.SerialNumber})";
        DiskHealth health = sample.State == Sdk.Hardware.ReadingState.Ok ? EnclosureReader.HealthOf(element) ?? DiskHealth.Unknown : DiskHealth.Unknown;
        string status = element.Status switch
        {
            0 => "Unsupported", 1 => "OK", 2 => "Critical", 3 => "Non-critical", 4 => "Unrecoverable", 5 => "Not installed", 6 => "Unknown", 7 => "Not available", _ => "No access allowed",
        };
        Health.Set(instance, health, lost: false, [status], sample.Reason);
        instance["EnabledState"] = (ushort)(element.IsInstalled ? 2 : 6);
        switch (instance.ClassName)
        {
            case ClassNames.EnclosureSlot:
                instance["SlotNumber"] = element.SlotNumber is { } slot ? (ushort)slot : CimValue.Null;
                instance["Occupied"] = element.IsInstalled;
                instance["SasAddress"] = element.SasAddress;
                instance["Identify"] = element.IsIdentified;
                instance["Fault"] = element.IsFaulted;
                break;
            case ClassNames.EnclosureFan:
                instance["ActiveCooling"] = true;
                break;
            default:
                break;
        }

        return instance;
    }
}
