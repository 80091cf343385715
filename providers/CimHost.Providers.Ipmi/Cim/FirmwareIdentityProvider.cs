using System.Composition;
using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Firmware of the controller, and the BIOS where the controller knows its version (DSP1023).</summary>
[CimProvider("OMC_SMASHFirmwareIdentity")]
[method: ImportingConstructor]
internal sealed class FirmwareIdentityProvider(IpmiModels models) : IpmiProvider(models)
{
    private const ushort Firmware = 10;
    private const ushort Bios = 11;

    protected override async IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Controller(request, model, state);
        if (state.Failure is not null)
        {
            yield break;
        }

        BmcAssets assets = await model.AssetsAsync(state.Inventory, cancellationToken);
        if (assets.BiosVersion is { } version)
        {
            CimInstance bios = New(request, IpmiPaths.BiosId(model), "System BIOS", version, Bios);
            bios["Caption"] = "System BIOS of " + model.MachineName;
            Health.Set(bios, StateSeverity.Ok, ReadingState.Ok);
            yield return bios;
        }

        if (assets.Failure is { } reason)
        {
            throw CimException.Failed(reason);
        }
    }

    private static CimInstance Controller(CimProviderRequest request, BmcModel model, InventoryState state)
    {
        GetDeviceId device = state.Inventory.Device;
        CimInstance instance = New(request, IpmiPaths.BmcFirmwareId(model), "BMC Firmware", device.FirmwareRevision, Firmware);
        instance["Caption"] = "BMC firmware of " + model.MachineName;
        instance["MajorVersion"] = (ushort)device.FirmwareMajor;

        // The minor number is BCD; a controller that breaks that has it in the text only.
        bool bcd = (device.FirmwareMinor & 0x0F) <= 9 && device.FirmwareMinor >> 4 <= 9;
        instance["MinorVersion"] = bcd ? (ushort)(((device.FirmwareMinor >> 4) * 10) + (device.FirmwareMinor & 0x0F)) : default(CimValue);
        instance["ManufacturerID"] = (uint)device.ManufacturerId;
        instance["ProductID"] = device.ProductId;
        instance["IPMIVersion"] = device.IpmiVersionText;
        instance["AuxiliaryRevision"] = device.AuxiliaryRevision is { } auxiliary ? $"{auxiliary:X8}" : null;
        StateSeverity? severity = state.Failure is not null ? null : device.IsAvailable ? StateSeverity.Ok : StateSeverity.Degraded;
        string? why = state.Failure?.Message ?? (device.IsAvailable ? null : "The controller's firmware is being updated, or it starts.");
        Health.Set(instance, severity, state.Failure is null ? ReadingState.Ok : ReadingState.TimedOut, why is null ? [] : [why]);
        return instance;
    }

    private static CimInstance New(CimProviderRequest request, string id, string name, string version, ushort classification)
    {
        CimInstance instance = request.NewInstance();
        instance["InstanceID"] = id;
        instance["Name"] = name;
        instance["ElementName"] = name;
        instance["VersionString"] = version;
        instance["Classifications"] = new[] { classification };
        instance["IsEntity"] = true;
        return instance;
    }
}
