using System.Composition;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>CimHost_DiskDrive: disks with identity, health and self-tests.</summary>
[CimProvider(ClassNames.DiskDrive, DeadlineSeconds = 60)]
internal sealed class DiskDriveProvider : StorageProvider, ICimMethods
{
    private const uint Completed = 0;
    private const uint NotSupported = 1;
    private const uint Failed = 4;
    private const uint InvalidParameter = 5;

    // Properties that need more than the identity.
    private static readonly string[] s_sampled =
    [
        "HealthState", "OperationalStatus", "StatusDescriptions", "EnabledState", "ReadingState", "ReadingTime", "ReadingReason", "ReadingAgeSeconds",
        "PowerMode", "TotalPowerOnHours", "PowerCycles", "Temperature", "HealthReasons", "Problems", "SelfTestPercentComplete", "SelfTestRunning", "SelfTestSupported",
    ];

    /// <param name="host">The host.</param>
    /// <param name="devices">The devices.</param>
    /// <param name="schedule">Starts with this provider, so that a schedule is kept from when the package is loaded.</param>
    [ImportingConstructor]
    public DiskDriveProvider(IProviderHost host, StorageDevices devices, SelfTestRunner schedule)
        : base(host, devices) => _ = schedule;

    /// <inheritdoc/>
    public async ValueTask<CimMethodResult> InvokeAsync(
        CimProviderRequest request, CimObjectPath target, CimMethodDeclaration method, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        if (target.IsClassPath || StoragePaths.DeviceIdOf(target) is not { } id || await Devices.FindAsync(id, cancellationToken) is not { } device)
        {
            throw CimException.NotFound(target);
        }

        try
        {
            DiskIdentity identity = await device.IdentifyAsync(cancellationToken);
            if (!Serves(identity))
            {
                throw CimException.NotFound(target);
            }

            return new CimMethodResult(method.Name.ToUpperInvariant() switch
            {
                "STARTSELFTEST" => await StartAsync(device, parameters, cancellationToken),
                "ABORTSELFTEST" => await AbortAsync(device, cancellationToken),
                _ => throw new CimException(CimStatusCode.MethodNotAvailable, $"{method.Name} of {ClassNames.DiskDrive} is not carried out here."),
            });
        }
        catch (HardwareException e)
        {
            Host.Log.Warning($"{method.Name} of {id}: {e.Message}");
            return new CimMethodResult(e.Fault == HardwareFault.Unsupported ? NotSupported : Failed);
        }
    }

    protected override bool Serves(DiskIdentity identity) => identity.IsDisk;

    protected override async ValueTask<IReadOnlyList<CimInstance>> TellAsync(StorageDevice device, DiskIdentity identity, CimProviderRequest request, CancellationToken cancellationToken)
    {
        CimInstance instance = request.NewInstance();
        StoragePaths.SetDevice(Host, instance, identity);
        DiskDriveProperties.SetIdentity(instance, identity, device.Port);
        if (request.Wants(s_sampled))
        {
            DiskDriveProperties.SetSample(instance, await device.SampleAsync(cancellationToken), Host.Time.GetUtcNow());
        }

        return [instance];
    }

    private static async ValueTask<uint> StartAsync(StorageDevice device, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        return parameters["Type"]?.Value.TryGetUInt64(out ulong type) is true && type is >= (ulong)SelfTestKind.Short and <= (ulong)SelfTestKind.Conveyance
            ? (uint)(await device.StartSelfTestAsync((SelfTestKind)type, cancellationToken)).Answer
            : InvalidParameter;
    }

    private static async ValueTask<uint> AbortAsync(StorageDevice device, CancellationToken cancellationToken)
    {
        DiskSample sample = await device.SampleAsync(cancellationToken);
        if (sample.HasValues && sample.SelfTestOffers.Count == 0)
        {
            return NotSupported;
        }

        await device.AbortSelfTestAsync(cancellationToken);
        return Completed;
    }
}
