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

    private const byte FruInventoryDevice = 0x08;

    private readonly Dictionary<(byte Controller, byte Channel), string> _silent = [];
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
            foreach ((FruAddress address, Entity entity, string name) in Devices())
            {
                frus.Add(await FruAsync(address, entity, name, cancellationToken));
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

    private IEnumerable<(FruAddress Address, Entity Entity, string Name)> Devices()
    {
        McLocatorRecord? own = inventory.McLocators.FirstOrDefault(m => m.SlaveAddress == BmcSensor.BmcAddress);
        var seen = new HashSet<FruAddress>();
        if (inventory.Device.HasFruInventory && seen.Add(new FruAddress(0)))
        {
            yield return (new FruAddress(0), own?.Entity ?? new Entity(EntityIds.SystemBoard, 1), own?.IdString is { Length: > 0 } name ? name : "System Board");
        }

        // A controller at 20h on another channel than 0 cannot be addressed.
        foreach (FruLocatorRecord l in inventory.FruLocators.Where(l => l.IsLogical && l.AccessAddress != 0 && (l.AccessAddress != BmcSensor.BmcAddress || l.Channel == 0)))
        {
            var address = new FruAddress(l.DeviceId, l.Lun, l.AccessAddress, l.Channel);
            if (seen.Add(address))
            {
                yield return (address, l.Entity, EntityNames.Name(l.Entity, l.IdString.Length > 0 ? l.IdString : $"FRU {l.DeviceId}"));
            }
        }

        // Device 0 of a controller behind this one, which says that it has an inventory (§43.9, capability bit 3).
        foreach (McLocatorRecord m in inventory.McLocators.Where(m => m.SlaveAddress is not (0 or BmcSensor.BmcAddress) && (m.Capabilities & FruInventoryDevice) != 0))
        {
            var address = new FruAddress(0, 0, m.SlaveAddress, m.Channel);
            if (seen.Add(address))
            {
                yield return (address, m.Entity, EntityNames.Name(m.Entity, m.IdString.Length > 0 ? m.IdString : $"Controller {m.SlaveAddress:X2}h"));
            }
        }
    }

    // A controller behind this one that does not answer costs its own devices, and only the first of them its time limit.
    private async ValueTask<FruDevice> FruAsync(FruAddress address, Entity entity, string name, CancellationToken cancellationToken)
    {
        _timedOut = false;
        if (_silent.TryGetValue((address.Controller, address.Channel), out string? reason))
        {
            return new FruDevice(address, entity, name, null, reason);
        }

        try
        {
            return new FruDevice(address, entity, name, await new FruReader(client, address).ReadAsync(cancellationToken), null);
        }
        catch (HardwareException e) when (address.IsBridged || e.Fault != HardwareFault.Unavailable)
        {
            _timedOut = e.Fault == HardwareFault.TimedOut && !address.IsBridged;
            if (address.IsBridged && e.Fault is HardwareFault.TimedOut or HardwareFault.Unavailable)
            {
                _silent[(address.Controller, address.Channel)] = e.Message;
            }

            return new FruDevice(address, entity, name, null, e.Message);
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
