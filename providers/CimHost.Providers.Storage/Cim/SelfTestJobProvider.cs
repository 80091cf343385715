using System.Composition;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>CimHost_SelfTestJob: self-tests that were started here, until some minutes after their end (DSP1103).</summary>
[CimProvider(ClassNames.SelfTestJob, DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class SelfTestJobProvider(IProviderHost host, StorageDevices devices) : StorageProvider(host, devices), ICimMethods
{
    private const uint Completed = 0;
    private const uint NotSupported = 1;
    private const uint Failed = 4;
    private const uint InvalidParameter = 5;
    private const uint InvalidTransition = 4097;
    private const uint NoTimeout = 4098;
    private const ulong Terminate = 4;
    private const ulong Kill = 5;
    private const int LongestStatus = 256;

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
            SelfTestJob job = (await device.JobsAsync(cancellationToken)).FirstOrDefault(j => target["InstanceID"] == StoragePaths.InstanceId(identity, j.Key)) ?? throw CimException.NotFound(target);
            return new CimMethodResult(method.Name.ToUpperInvariant() switch
            {
                "REQUESTSTATECHANGE" => await RequestAsync(device, job, parameters, cancellationToken),
                "KILLJOB" => await KillAsync(device, job, parameters, cancellationToken),
                _ => throw new CimException(CimStatusCode.MethodNotAvailable, $"{method.Name} of {ClassNames.SelfTestJob} is not carried out here; what the disk found is a record of its {ClassNames.SelfTestLog}."),
            });
        }
        catch (HardwareException e)
        {
            Host.Log.Warning($"{method.Name} of {target["InstanceID"]}: {e.Message}");
            return new CimMethodResult(e.Fault == HardwareFault.Unsupported ? NotSupported : Failed);
        }
    }

    protected override bool Serves(DiskIdentity identity) => identity.IsDisk;

    protected override async ValueTask<IReadOnlyList<CimInstance>> TellAsync(StorageDevice device, DiskIdentity identity, CimProviderRequest request, CancellationToken cancellationToken) =>
        [.. (await device.JobsAsync(cancellationToken)).Select(job => Instance(identity, job, request))];

    private static async ValueTask<uint> RequestAsync(StorageDevice device, SelfTestJob job, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        if (parameters["RequestedState"]?.Value.TryGetUInt64(out ulong state) is not true)
        {
            return InvalidParameter;
        }

        if (parameters["TimeoutPeriod"] is { Value.IsNull: false } timeout && !(timeout.Value.AsDateTime() is { IsInterval: true } interval && interval.ToTimeSpan() == TimeSpan.Zero))
        {
            return NoTimeout;
        }

        // No disk can suspend a test and go on with it later.
        if (state is not (Terminate or Kill))
        {
            return NotSupported;
        }

        return await EndAsync(device, job, cancellationToken) ? Completed : InvalidTransition;
    }

    private static async ValueTask<uint> KillAsync(StorageDevice device, SelfTestJob job, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        bool ended = await EndAsync(device, job, cancellationToken);
        if (parameters["DeleteOnKill"]?.Value.AsBoolean() == true)
        {
            device.Remove(job);
            return Completed;
        }

        return ended ? Completed : Failed;
    }

    // False for a test that has ended already: the one that runs on the disk now is another.
    private static async ValueTask<bool> EndAsync(StorageDevice device, SelfTestJob job, CancellationToken cancellationToken)
    {
        if (job.State != SelfTestJobState.Running)
        {
            return false;
        }

        await device.AbortSelfTestAsync(cancellationToken);
        return true;
    }

    private CimInstance Instance(DiskIdentity identity, SelfTestJob job, CimProviderRequest request)
    {
        const ushort Ok = 2;
        const ushort Error = 6;
        const ushort CompletedStatus = 17;
        CimInstance instance = request.NewInstance();
        string disk = $"{identity.Model} ({identity.SerialNumber})";
        string status = (job.State, job.Record) switch
        {
            (SelfTestJobState.Running, _) => $"{job.Percent} % done",
            (_, { } record) => record.Text,
            _ => "The disk does not test itself any more and logged no result.",
        };
        instance["InstanceID"] = StoragePaths.InstanceId(identity, job.Key);
        instance["Name"] = $"{job.Kind} self-test";
        instance["Caption"] = $"{job.Kind} self-test";
        instance["ElementName"] = $"{job.Kind} self-test of {disk}";
        instance["JobState"] = (ushort)job.State;
        instance["JobStatus"] = status.Length <= LongestStatus ? status : status[..LongestStatus];
        instance["PercentComplete"] = (ushort)job.Percent;
        instance["StartTime"] = job.Started;
        instance["TimeSubmitted"] = job.Started;
        instance["ElapsedTime"] = new CimDateTime((job.State == SelfTestJobState.Running ? Host.Time.GetUtcNow() : job.Changed) - job.Started);
        instance["TimeOfLastStateChange"] = job.Changed;
        instance["TimeBeforeRemoval"] = new CimDateTime(StorageDevice.KeptAfterEnd);
        instance["DeleteOnCompletion"] = true;
        instance["OperationalStatus"] = job.State switch
        {
            SelfTestJobState.Running => new[] { Ok },
            SelfTestJobState.Completed when job.Record?.Test?.End == SelfTestEnd.Passed => [CompletedStatus, Ok],
            SelfTestJobState.Exception => [Error],
            _ => [CompletedStatus, Error],
        };
        instance["HealthState"] = (ushort)(job.State == SelfTestJobState.Exception ? 0 : 5);
        return instance;
    }
}
