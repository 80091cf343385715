using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Fru;
using CimHost.Providers.Ipmi.Wire.Sdr;
using CimHost.Providers.Ipmi.Wire.Sensors;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>Reads FRU inventories, GUID and BIOS version of a controller.</summary>
internal sealed class AssetsReader(IpmiClient client, BmcInventory inventory)
{
    private const int MaxTimeoutsInRow = 2;

    private bool _timedOut;

    /// <summary>
    /// Reads all of it. A FRU that cannot be read keeps its reason; when the controller stops answering, the rest is left out and the
    /// result says so.
    /// </summary>
    public async Task<BmcAssets> ReadAsync(CancellationToken cancellationToken)
    {
        var frus = new List<FruDevice>();
        string? failure = null, bios = null;
        int timeouts = 0;
        Guid? guid = null;
        try
        {
            guid = await GuidAsync(GetSystemGuid.Request, cancellationToken) ?? await GuidAsync(GetSystemGuid.DeviceRequest, cancellationToken);
            bios = await TextParameterAsync(GetSystemInfoParameters.SystemFirmwareVersion, cancellationToken);
            foreach ((byte id, byte lun, Entity entity, string name) in Devices())
            {
                frus.Add(await FruAsync(id, lun, entity, name, cancellationToken));
                timeouts = _timedOut ? timeouts + 1 : 0;
                if (timeouts == MaxTimeoutsInRow)
                {
                    failure = frus[^1].Problem;
                    break;
                }
            }
        }
        catch (HardwareException e)
        {
            failure = e.Message;
        }

        return new BmcAssets(frus, guid, bios, failure);
    }

    private IEnumerable<(byte Id, byte Lun, Entity Entity, string Name)> Devices()
    {
        McLocatorRecord? own = inventory.McLocators.FirstOrDefault(m => m.SlaveAddress == BmcSensor.BmcAddress);
        if (inventory.Device.HasFruInventory)
        {
            yield return (0, 0, own?.Entity ?? new Entity(EntityIds.SystemBoard, 1), own?.IdString is { Length: > 0 } name ? name : "System Board");
        }

        IEnumerable<FruLocatorRecord> reachable = inventory.FruLocators
            .Where(l => l.IsLogical && l.AccessAddress == BmcSensor.BmcAddress && l.Channel == 0 && (l.DeviceId != 0 || !inventory.Device.HasFruInventory))
            .DistinctBy(l => (l.DeviceId, l.Lun));
        foreach (FruLocatorRecord locator in reachable)
        {
            yield return (locator.DeviceId, locator.Lun, locator.Entity, EntityNames.Name(locator.Entity, locator.IdString.Length > 0 ? locator.IdString : $"FRU {locator.DeviceId}"));
        }
    }

    private async ValueTask<FruDevice> FruAsync(byte id, byte lun, Entity entity, string name, CancellationToken cancellationToken)
    {
        _timedOut = false;
        try
        {
            FruInventory? fru = await new FruReader(client, id, lun).ReadAsync(cancellationToken);
            return new FruDevice(id, entity, name, fru, null);
        }
        catch (HardwareException e) when (e.Fault != HardwareFault.Unavailable)
        {
            _timedOut = e.Fault == HardwareFault.TimedOut;
            return new FruDevice(id, entity, name, null, e.Message);
        }
    }

    private async ValueTask<Guid?> GuidAsync(IpmiRequest request, CancellationToken cancellationToken) =>
        await client.TryReadAsync(request, cancellationToken) is { } data && GetSystemGuid.TryRead(data.Span, out Guid guid) ? guid : null;

    private async ValueTask<string?> TextParameterAsync(byte parameter, CancellationToken cancellationToken)
    {
        var blocks = new List<byte>();
        for (int block = 0, count = 1; block < count; block++)
        {
            if (await client.TryReadAsync(GetSystemInfoParameters.Request(parameter, (byte)block), cancellationToken) is not { } data
                || !TryAppend(blocks, data.Span, (byte)block))
            {
                return null;
            }

            count = GetSystemInfoParameters.BlockCount(blocks.ToArray());
        }

        return GetSystemInfoParameters.TryReadText(blocks.ToArray(), out string text) && text.Length > 0 ? text : null;
    }

    private static bool TryAppend(List<byte> blocks, ReadOnlySpan<byte> data, byte block)
    {
        bool read = GetSystemInfoParameters.TryReadBlock(data, block, out ReadOnlySpan<byte> content);
        blocks.AddRange(content);
        return read;
    }
}
