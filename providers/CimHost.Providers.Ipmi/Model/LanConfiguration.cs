using CimHost.Providers.Ipmi.Wire.Commands;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>Reads how a controller is set up on its networks (IPMI 2.0 §23.2).</summary>
internal sealed class LanConfiguration(IpmiClient client)
{
    private const byte LastChannel = 0x0B;

    private (object Inventory, IReadOnlyList<byte> Channels)? _channels;

    /// <summary>Every LAN channel that has a hardware address or an address; which channels there are is read once per inventory.</summary>
    public async Task<IReadOnlyList<LanChannel>> ReadAsync(BmcInventory inventory, CancellationToken cancellationToken)
    {
        if (_channels is not { } known || !ReferenceEquals(known.Inventory, inventory))
        {
            known = (inventory, await FindAsync(cancellationToken));
            _channels = known;
        }

        var lans = new List<LanChannel>();
        foreach (byte channel in known.Channels)
        {
            LanChannel lan = await ReadAsync(channel, cancellationToken);
            if (lan.Mac is not null || lan.Address is not null)
            {
                lans.Add(lan);
            }
        }

        return lans;
    }

    private async Task<IReadOnlyList<byte>> FindAsync(CancellationToken cancellationToken)
    {
        var channels = new List<byte>();
        for (byte channel = 1; channel <= LastChannel; channel++)
        {
            if (await client.TryReadAsync(GetChannelInfo.Request(channel), cancellationToken) is { } data && GetChannelInfo.TryRead(data.Span, out GetChannelInfo info) && info.IsLan)
            {
                channels.Add(channel);
            }
        }

        return channels;
    }

    private async Task<LanChannel> ReadAsync(byte channel, CancellationToken cancellationToken)
    {
        byte[] address = await ParameterAsync(GetLanConfiguration.Address), source = await ParameterAsync(GetLanConfiguration.AddressSource);
        byte[] mac = await ParameterAsync(GetLanConfiguration.MacAddress), mask = await ParameterAsync(GetLanConfiguration.SubnetMask);
        byte[] gateway = await ParameterAsync(GetLanConfiguration.DefaultGateway);
        byte[] vlan = await ParameterAsync(GetLanConfiguration.VlanId), priority = await ParameterAsync(GetLanConfiguration.VlanPriority);
        _ = GetLanConfiguration.TryReadVlan(vlan, out ushort? vlanId);
        return new LanChannel(
            channel,
            GetLanConfiguration.TryReadAddress(address, out string? ip) ? ip : null,
            GetLanConfiguration.TryReadSource(source, out byte from) ? from : null,
            GetLanConfiguration.TryReadAddress(mask, out string? subnet) ? subnet : null,
            GetLanConfiguration.TryReadAddress(gateway, out string? router) ? router : null,
            GetLanConfiguration.TryReadMac(mac, out string? hardware) ? hardware : null,
            vlanId,
            vlanId is not null && GetLanConfiguration.TryReadVlanPriority(priority, out byte level) ? level : null);

        async Task<byte[]> ParameterAsync(byte parameter) =>
            await client.TryReadAsync(GetLanConfiguration.Request(channel, parameter), cancellationToken) is { } data ? data.ToArray() : [];
    }
}
