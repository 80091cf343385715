using System.Composition;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>CimHost_SmartAttribute: every value that a disk tells of itself.</summary>
[CimProvider(ClassNames.SmartAttribute, DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class SmartAttributeProvider(IProviderHost host, StorageDevices devices) : StorageProvider(host, devices)
{
    protected override bool Serves(DiskIdentity identity) => identity.IsDisk;

    protected override async ValueTask<IReadOnlyList<CimInstance>> TellAsync(StorageDevice device, DiskIdentity identity, CimProviderRequest request, CancellationToken cancellationToken)
    {
        DiskSample sample = await device.SampleAsync(cancellationToken);
        DateTimeOffset now = Host.Time.GetUtcNow();
        return [.. sample.Attributes.Select(attribute => Instance(identity, sample, attribute, request, now))];
    }

    private static CimInstance Instance(DiskIdentity identity, DiskSample sample, DiskAttribute attribute, CimProviderRequest request, DateTimeOffset now)
    {
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = StoragePaths.InstanceId(identity, attribute.Key);
        instance["DriveID"] = identity.DeviceId;
        instance["Caption"] = attribute.Name.Length <= 64 ? attribute.Name : attribute.Name[..64];
        instance["ElementName"] = attribute.Name;
        instance["Description"] = $"{attribute.Category} {attribute.Name} of {identity.DeviceId}";
        instance["Category"] = attribute.Category;
        instance["Key"] = attribute.Key;
        instance["AttributeID"] = attribute.Id;
        instance["CurrentValue"] = attribute.Normalized;
        instance["WorstValue"] = attribute.Worst;
        instance["Threshold"] = attribute.Threshold;
        instance["Flags"] = attribute.Flags;
        instance["PreFailure"] = attribute.Flags is { } flags ? (flags & 1) != 0 : CimValue.Null;
        instance["Failed"] = attribute.Failed;
        instance["RawValue"] = attribute.Value is { } value && value <= ulong.MaxValue ? (ulong)value : CimValue.Null;
        instance["RawText"] = attribute.Text;
        Health.SetReading(instance, sample, now);
        return instance;
    }
}
