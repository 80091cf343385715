using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Platform.Kernel;
using CimHost.Providers.Platform.Wire.Modules;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_OpticalModule: one instance per plug-in module of a network port.</summary>
[CimProvider(ClassNames.OpticalModule, DeadlineSeconds = 30)]
[method: ImportingConstructor]
internal sealed class OpticalModuleProvider(OpticalModules modules) : ICimProvider
{
    private const ushort Module = 9;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (PortModule found in await modules.ReadAsync(cancellationToken))
        {
            CimInstance instance = PlatformPaths.NewPhysical(request, found.Tag, $"{found.Module?.FormFactor ?? "Module"} in {found.Port.Interface}");
            instance["InterfaceName"] = found.Port.Interface;
            instance["PortID"] = found.Port.Id;
            instance["PackageType"] = Module;
            instance["RemovalConditions"] = (ushort)3;
            instance["CanBeFRUed"] = true;
            instance["Problem"] = found.Reason;
            if (found.Module is { } module)
            {
                Set(instance, module);
            }

            (found.Reason is { } reason ? new Health(0, 0, "What the module tells was refused: " + reason) : Health.Ok).Set(instance);
            yield return instance;
        }
    }

    private static void Set(CimInstance instance, OpticalModule module)
    {
        instance["FormFactor"] = module.FormFactor;
        instance["Connector"] = module.Connector;
        instance["Manufacturer"] = Told(module.Vendor);
        instance["PartNumber"] = Told(module.PartNumber);
        instance["Model"] = Told(module.PartNumber);
        instance["Version"] = Told(module.Revision);
        instance["SerialNumber"] = Told(module.SerialNumber);
        instance["DateCode"] = Told(module.DateCode);
        instance["Wavelength"] = module.Wavelength;
    }

    private static string? Told(string text) => text.Length == 0 ? null : text;
}
