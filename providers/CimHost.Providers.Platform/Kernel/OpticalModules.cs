using System.Composition;
using CimHost.Providers.Platform.Files;
using CimHost.Providers.Platform.Wire.Modules;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Platform.Kernel;

/// <summary>The plug-in modules of the network ports, read through the kernel's ethtool.</summary>
[Export]
[Shared]
[method: ImportingConstructor]
internal sealed class OpticalModules(NetworkPorts ports, PlatformFiles files)
{
    private const byte Main = 0x50;
    private const byte Diagnostics = 0x51;

    /// <summary>All modules, in the order of their ports. A port without one, or whose driver cannot tell, has none.</summary>
    public async ValueTask<IReadOnlyList<PortModule>> ReadAsync(CancellationToken cancellationToken)
    {
        var modules = new List<PortModule>();
        foreach (NetworkPort port in await ports.ReadAsync(cancellationToken))
        {
            if (await PageAsync(port, Main, null, cancellationToken) is { Length: > 0 } lower)
            {
                modules.Add(await ReadAsync(port, lower, cancellationToken));
            }
        }

        return modules;
    }

    private async ValueTask<PortModule> ReadAsync(NetworkPort port, byte[] lower, CancellationToken cancellationToken)
    {
        OpticalModule? module;
        string? reason;
        switch (ModuleBytes.FormFactorOf(lower[0]))
        {
            case "SFP":
                byte[] diagnostics = Sff8472.HasDiagnostics(lower) ? await PageAsync(port, Diagnostics, null, cancellationToken) ?? [] : [];
                _ = Sff8472.TryRead(lower, diagnostics, out module, out reason);
                break;
            case "QSFP" or "QSFP+" or "QSFP28":
                byte[] identification = await PageAsync(port, Main, 0, cancellationToken) ?? [];
                byte[] limits = lower.Length > 2 && (lower[2] & 0x04) == 0 ? await PageAsync(port, Main, 3, cancellationToken) ?? [] : [];
                _ = Sff8636.TryRead(lower, identification, limits, out module, out reason);
                break;
            case not null:
                byte[] page00 = await PageAsync(port, Main, 0, cancellationToken) ?? [];
                byte[] page02 = lower.Length > 2 && !Cmis.IsFlat(lower) ? await PageAsync(port, Main, 2, cancellationToken) ?? [] : [];
                _ = Cmis.TryRead(lower, page00, page02, out module, out reason);
                break;
            default:
                (module, reason) = (null, $"its identifier {lower[0]:X2}h is none of SFP, QSFP and CMIS modules");
                break;
        }

        return new PortModule(port, module, reason);
    }

    private async ValueTask<byte[]?> PageAsync(NetworkPort port, byte address, byte? page, CancellationToken cancellationToken) =>
        await files.ReadAsync(HostCallPaths.ModulePage(port.Interface, address, page), cancellationToken);
}
