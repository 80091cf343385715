using System.Composition;
using CimHost.Providers.Platform.Kernel;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_ModuleRealizes: each plug-in module and the network port that it makes.</summary>
[CimProvider(ClassNames.ModuleRealizes, DeadlineSeconds = 30)]
[method: ImportingConstructor]
internal sealed class ModuleRealizesProvider(IProviderHost host, OpticalModules modules) : PairProvider("Antecedent", "Dependent")
{
    /// <inheritdoc/>
    protected override async ValueTask<IReadOnlyList<(CimObjectPath First, CimObjectPath Second)>> PairsAsync(string namespaceName, CancellationToken cancellationToken) =>
    [
        .. (await modules.ReadAsync(cancellationToken)).Select(m => (
            PlatformPaths.Physical(namespaceName, ClassNames.OpticalModule, m.Tag),
            PlatformPaths.Device(host, namespaceName, ClassNames.EthernetPort, m.Port.Id))),
    ];
}

/// <summary>CimHost_ModuleAssociatedSensor: each sensor of a plug-in module and its network port.</summary>
[CimProvider(ClassNames.ModuleAssociatedSensor, DeadlineSeconds = 30)]
[method: ImportingConstructor]
internal sealed class ModuleAssociatedSensorProvider(IProviderHost host, OpticalModules modules) : PairProvider("Antecedent", "Dependent")
{
    /// <inheritdoc/>
    protected override async ValueTask<IReadOnlyList<(CimObjectPath First, CimObjectPath Second)>> PairsAsync(string namespaceName, CancellationToken cancellationToken) =>
    [
        .. (await modules.ReadAsync(cancellationToken)).SelectMany(m => (m.Module?.Quantities ?? []).Select(q => (
            PlatformPaths.Device(host, namespaceName, ClassNames.OpticalModuleSensor, OpticalModuleSensorProvider.IdOf(m.Port, q)),
            PlatformPaths.Device(host, namespaceName, ClassNames.EthernetPort, m.Port.Id)))),
    ];
}
