using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>The self-tests as services that run on a disk and answer with a job (DSP1002, DSP1113), and the computer that hosts them.</summary>
[CimProvider(ClassNames.DiagnosticTest, ClassNames.HostedTest, DeadlineSeconds = 60)]
[method: ImportingConstructor]
internal sealed class DiagnosticTestProvider(IProviderHost host, StorageDevices devices) : ICimProvider, ICimMethods
{
    private const uint Failed = 4;
    private const uint InvalidParameter = 5;
    private const ushort Functional = 2;
    private const ushort MediaVerify = 6;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        foreach (SelfTestKind kind in Enum.GetValues<SelfTestKind>())
        {
            CimInstance instance = request.NewInstance();
            if (request.CimClass.ClassName == ClassNames.HostedTest)
            {
                instance["Antecedent"] = StoragePaths.System(host, request.Namespace);
                instance["Dependent"] = StoragePaths.DiagnosticTest(host, request.Namespace, kind);
            }
            else
            {
                SetTest(instance, kind);
            }

            yield return instance;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CimMethodResult> InvokeAsync(
        CimProviderRequest request, CimObjectPath target, CimMethodDeclaration method, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        if (StoragePaths.TestKindOf(target) is not { } kind)
        {
            throw CimException.NotFound(target);
        }

        if (!string.Equals(method.Name, "RunDiagnosticService", StringComparison.OrdinalIgnoreCase))
        {
            throw new CimException(CimStatusCode.MethodNotAvailable, $"{method.Name} of {ClassNames.DiagnosticTest} is not carried out here; RunDiagnosticService is.");
        }

        // A disk tests itself in its own way: there is nothing to set.
        bool hasSettings = parameters["DiagnosticSettings"] is { Value.IsNull: false } || parameters["JobSettings"] is { Value.IsNull: false };
        if (hasSettings
            || parameters["ManagedElement"]?.Value.AsReference() is not { } element
            || !string.Equals(element.ClassName, ClassNames.DiskDrive, StringComparison.OrdinalIgnoreCase)
            || StoragePaths.DeviceIdOf(element) is not { } id
            || await devices.FindAsync(id, cancellationToken) is not { } device)
        {
            return new CimMethodResult(InvalidParameter);
        }

        return await StartAsync(device, kind, method, request.Namespace, cancellationToken);
    }

    private async ValueTask<CimMethodResult> StartAsync(StorageDevice device, SelfTestKind kind, CimMethodDeclaration method, string ns, CancellationToken cancellationToken)
    {
        try
        {
            DiskIdentity identity = await device.IdentifyAsync(cancellationToken);
            (SelfTestAnswer answer, SelfTestJob? job) = await device.StartSelfTestAsync(kind, cancellationToken);
            return job is null
                ? new CimMethodResult((uint)answer)
                : new CimMethodResult((uint)answer, new([new CimMethodParameter("Job", CimType.Reference, StoragePaths.Instance(ns, ClassNames.SelfTestJob, identity, job.Key))]));
        }
        catch (HardwareException e)
        {
            host.Log.Warning($"{method.Name} of the {kind} self-test: {e.Message}");
            return new CimMethodResult(e.Fault == HardwareFault.Unsupported ? (uint)SelfTestAnswer.NotSupported : Failed);
        }
    }

    private void SetTest(CimInstance instance, SelfTestKind kind)
    {
        instance["SystemCreationClassName"] = ClassNames.ComputerSystem;
        instance["SystemName"] = host.SystemName;
        instance["CreationClassName"] = instance.ClassName;
        instance["Name"] = StoragePaths.NameOf(kind);
        instance["ElementName"] = $"{kind} self-test of disks";
        instance["Caption"] = $"{kind} self-test";
        instance["Description"] = kind switch
        {
            SelfTestKind.Short => "The disk examines its electronics, its mechanics and some of its medium; a few minutes.",
            SelfTestKind.Extended => "The disk examines all of itself, and reads its whole medium; up to many hours.",
            _ => "The disk looks for damage from its transport; some minutes.",
        };
        instance["DiskDriveTestType"] = (ushort)(kind switch { SelfTestKind.Short => 2, SelfTestKind.Extended => 3, _ => 15 });
        instance["TestTypes"] = kind == SelfTestKind.Extended ? new[] { Functional, MediaVerify } : [Functional];
        instance["Started"] = true;
        instance["EnabledState"] = (ushort)2;
        instance["RequestedState"] = (ushort)12;
        instance["HealthState"] = (ushort)5;
        instance["OperationalStatus"] = new ushort[] { 2 };
    }
}
