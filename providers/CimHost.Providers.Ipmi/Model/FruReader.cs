using CimHost.Providers.Ipmi.Wire;
using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Providers.Ipmi.Wire.Fru;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>
/// Reads a FRU inventory, and of it no more than its areas need: inventories are often far larger than what is in them.
/// </summary>
internal sealed class FruReader(IpmiClient client, FruAddress address)
{
    private const int MaxBytes = 16 * 1024;
    private const byte FirstPart = 64;
    private const byte SmallestPart = 8;

    private readonly List<byte> _data = [];
    private byte _part = FirstPart;
    private int _size;
    private bool _byWords;

    /// <summary>The inventory, decoded; null when there is no such device or nothing is in it.</summary>
    /// <exception cref="HardwareException">The controller stopped answering, or its answers are malformed.</exception>
    public async Task<FruInventory?> ReadAsync(CancellationToken cancellationToken)
    {
        IpmiResponse response = await client.SendAsync(address.ToController(GetFruInventoryAreaInfo.Request(address.DeviceId, address.Lun)), cancellationToken);
        if (response.CompletionCode is CompletionCode.NotPresent or CompletionCode.InvalidDataField or CompletionCode.ParameterOutOfRange)
        {
            return null;
        }

        if (!response.IsSuccess)
        {
            throw client.Refused("Get FRU Inventory Area Info", response.CompletionCode);
        }

        if (!GetFruInventoryAreaInfo.TryRead(response.Data.Span, out GetFruInventoryAreaInfo info))
        {
            throw client.Malformed("Get FRU Inventory Area Info", response.Data.Length);
        }

        (_size, _byWords) = (Math.Min((int)info.Size, MaxBytes), info.ByWords);
        if (_size == 0 || !await EnsureAsync(FruCommonHeader.Length, cancellationToken))
        {
            return null;
        }

        if (FruCommonHeader.TryRead(Data, out FruCommonHeader header, out _))
        {
            foreach (int offset in new[] { header.Chassis, header.Board, header.Product }.Where(o => o > 0))
            {
                await ReadAreaAsync(offset, cancellationToken);
            }

            await ReadMultiRecordsAsync(header.MultiRecord, cancellationToken);
        }

        return FruInventory.Read(Data);
    }

    private ReadOnlySpan<byte> Data => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_data);

    private async ValueTask ReadAreaAsync(int offset, CancellationToken cancellationToken)
    {
        if (await EnsureAsync(offset + 2, cancellationToken))
        {
            await EnsureAsync(offset + (_data[offset + 1] * 8), cancellationToken);
        }
    }

    private async ValueTask ReadMultiRecordsAsync(int offset, CancellationToken cancellationToken)
    {
        const int headerLength = 5;
        while (offset > 0 && await EnsureAsync(offset + headerLength, cancellationToken))
        {
            int end = offset + headerLength + _data[offset + 2];
            bool last = (_data[offset + 1] & 0x80) != 0;
            offset = await EnsureAsync(end, cancellationToken) && !last ? end : 0;
        }
    }

    // Reads on until the inventory is known up to an offset; false when it does not go that far.
    private async ValueTask<bool> EnsureAsync(int end, CancellationToken cancellationToken)
    {
        while (_data.Count < end && _data.Count < _size)
        {
            int wanted = Math.Min(Math.Min(Math.Max(end - _data.Count, SmallestPart), _part), _size - _data.Count);
            int unit = _byWords ? 2 : 1;
            byte count = (byte)Math.Max(1, wanted / unit);
            IpmiResponse response = await client.SendAsync(address.ToController(ReadFruData.Request(address.DeviceId, address.Lun, (ushort)(_data.Count / unit), count)), cancellationToken);
            if (CompletionCode.IsTooManyBytes(response.CompletionCode) && wanted > SmallestPart)
            {
                _part = (byte)Math.Max(SmallestPart, wanted / 2);
                continue;
            }

            if (!response.IsSuccess)
            {
                if (_data.Count == 0 && response.CompletionCode is CompletionCode.NotPresent or CompletionCode.CommandTimedOut)
                {
                    return false;
                }

                throw client.Refused("Read FRU Data", response.CompletionCode);
            }

            if (!ReadFruData.TryRead(response.Data.Span, _byWords, out ReadOnlySpan<byte> content))
            {
                throw client.Malformed("Read FRU Data", response.Data.Length);
            }

            _data.AddRange(content[..Math.Min(content.Length, _size - _data.Count)]);
        }

        return _data.Count >= end;
    }
}
