using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>How the instances of this package belong together. From one end only the device that its path names is asked.</summary>
[CimProvider(
    ClassNames.SystemDevice,
    ClassNames.AssociatedSensor,
    ClassNames.MediaPresent,
    ClassNames.Realizes,
    ClassNames.ControlledBy,
    ClassNames.ElementSoftwareIdentity,
    ClassNames.AttributeOfDisk,
    ClassNames.UseOfLog,
    ClassNames.LogManagesRecord,
    ClassNames.AvailableTest,
    ClassNames.TestAffectsDisk,
    ClassNames.OwningJob,
    ClassNames.AffectedByJob,
    DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class AssociationProvider(IProviderHost host, StorageDevices devices, DiskControllers controllers) : StorageProvider(host, devices), ICimAssociations
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> ReferencesAsync(CimProviderRequest request, CimObjectPath source, string? role, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A path of this package names its device; the computer and host adapters do not.
        StorageDevice? device = StoragePaths.DeviceIdOf(source) is { } id ? await Devices.FindAsync(id, cancellationToken) : null;
        if (device is not null)
        {
            foreach (CimInstance link in await OfDeviceAsync(device, request, cancellationToken))
            {
                if (RefersTo(link, source, role))
                {
                    yield return link;
                }
            }

            yield break;
        }

        await foreach (CimInstance link in EnumerateAsync(request, cancellationToken))
        {
            if (RefersTo(link, source, role))
            {
                yield return link;
            }
        }
    }

    protected override bool Serves(DiskIdentity identity) => true;

    protected override async ValueTask<IReadOnlyList<CimInstance>> TellAsync(StorageDevice device, DiskIdentity identity, CimProviderRequest request, CancellationToken cancellationToken)
    {
        string name = request.CimClass.ClassName;
        bool needsSample = name is not (ClassNames.MediaPresent or ClassNames.Realizes or ClassNames.ControlledBy or ClassNames.OwningJob or ClassNames.AffectedByJob);
        DiskSample? sample = needsSample ? await device.SampleAsync(cancellationToken) : null;
        IReadOnlyList<SelfTestJob> jobs = identity.IsDisk && name is ClassNames.OwningJob or ClassNames.AffectedByJob ? await device.JobsAsync(cancellationToken) : [];
        string? controller = name == ClassNames.ControlledBy ? await PartProvider.ControllerIdAsync(controllers, identity, device.Port.Location, cancellationToken) : null;
        return [.. new DeviceLinks(Host, request.Namespace, identity, sample, jobs, controller).Of(name).Select(l => Link(request, l))];
    }

    private async ValueTask<IReadOnlyList<CimInstance>> OfDeviceAsync(StorageDevice device, CimProviderRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await TellAsync(device, await device.IdentifyAsync(cancellationToken), request, cancellationToken);
        }
        catch (HardwareException e)
        {
            throw CimException.Failed(e.Message, e);
        }
    }

    // Both references in the order in which the class declares them.
    private static CimInstance Link(CimProviderRequest request, DeviceLink ends)
    {
        CimInstance link = request.NewInstance();
        bool set = false;
        for (int i = 0; i < link.Count; i++)
        {
            if (request.CimClass.CimClassProperties[i].CimType == CimType.Reference)
            {
                link[i] = set ? ends.Second : ends.First;
                set = true;
            }
        }

        if (ends.Minutes is { } minutes)
        {
            const ushort Minutes = 4;
            link["EstimatedDurationOfService"] = Minutes;
            link["EstimatedDurationQualifier"] = (uint)minutes;
        }

        return link;
    }

    private static bool RefersTo(CimInstance link, CimObjectPath source, string? role)
    {
        foreach (CimProperty property in link.CimInstanceProperties)
        {
            if ((role is null || string.Equals(role, property.Name, StringComparison.OrdinalIgnoreCase))
                && property.CimValue.AsReference() is { } reference
                && string.Equals(reference.ClassName, source.ClassName, StringComparison.OrdinalIgnoreCase)
                && reference.KeyString == source.KeyString)
            {
                return true;
            }
        }

        return false;
    }
}
