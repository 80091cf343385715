using System.Composition;
using System.Globalization;
using System.Runtime.CompilerServices;
using CimHost.Providers.Platform.Files;
using CimHost.Providers.Platform.Kernel;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_EthernetPort: one instance per network port of the hardware.</summary>
[CimProvider(ClassNames.EthernetPort)]
[method: ImportingConstructor]
internal sealed class EthernetPortProvider(IProviderHost host, NetworkPorts ports, PlatformFiles files) : ICimProvider
{
    private const long InterfaceUp = 1;
    private const ushort Ethernet = 2;
    private const int EthernetHardware = 1;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (NetworkPort port in await ports.ReadAsync(cancellationToken))
        {
            CimInstance instance = PlatformPaths.NewDevice(host, request, port.Id, port.Interface);
            instance["InterfaceName"] = port.Interface;
            instance["BusAddress"] = port.BusAddress;
            instance["Driver"] = DeviceLocation.DriverOf(files.Tree, port.Path + "/device");
            await SetAddressAsync(instance, port.Path, cancellationToken);
            await SetLinkAsync(instance, port.Path, cancellationToken);
            yield return instance;
        }
    }

    private async ValueTask SetAddressAsync(CimInstance instance, string path, CancellationToken cancellationToken)
    {
        string? address = Plain(await files.TextAsync(path + "/address", cancellationToken));

        // A port of a bond has the bond's address; the kernel keeps its own.
        string? permanent = Plain(await files.TextAsync(path + "/bonding_slave/perm_hwaddr", cancellationToken));
        bool isPermanent = await files.NumberAsync(path + "/addr_assign_type", cancellationToken) == 0;
        instance["PermanentAddress"] = permanent ?? (isPermanent ? address : null);
        instance["NetworkAddresses"] = address is null ? null : new[] { address };
        instance["ActiveMaximumTransmissionUnit"] = await files.NumberAsync(path + "/mtu", cancellationToken) is > 0 and var mtu ? (ulong)mtu : CimValue.Null;
        instance["LinkTechnology"] = await files.NumberAsync(path + "/type", cancellationToken) == EthernetHardware ? Ethernet : (ushort)1;
    }

    private async ValueTask SetLinkAsync(CimInstance instance, string path, CancellationToken cancellationToken)
    {
        bool isUp = ((await files.NumberAsync(path + "/flags", cancellationToken) ?? 0) & InterfaceUp) != 0;

        // The kernel refuses to tell the carrier, the speed and the duplex of an interface that is down.
        bool? link = isUp ? await files.NumberAsync(path + "/carrier", cancellationToken) is { } carrier ? carrier != 0 : null : null;
        long? megabits = link == true ? await files.NumberAsync(path + "/speed", cancellationToken) : null;
        instance["LinkDetected"] = link;
        instance["OperationalState"] = await files.TextAsync(path + "/operstate", cancellationToken);
        instance["CarrierChanges"] = await files.NumberAsync(path + "/carrier_changes", cancellationToken) is >= 0 and var changes ? (ulong)changes : CimValue.Null;
        instance["Speed"] = megabits is > 0 ? (ulong)megabits * 1_000_000 : CimValue.Null;
        instance["FullDuplex"] = link == true ? await files.TextAsync(path + "/duplex", cancellationToken) switch { "full" => true, "half" => false, _ => null } : (bool?)null;
        instance["EnabledState"] = (ushort)(isUp ? 2 : 3);
        Health health = !isUp ? new Health(5, 10, "The interface is down")
            : link == false ? new Health(5, 10, "No link")
            : link == true ? Health.Ok
            : Health.Unknown;
        health.Set(instance);
    }

    // CIM wants twelve digits without separators.
    private static string? Plain(string? address) => address?.Replace(":", string.Empty, StringComparison.Ordinal).ToUpper(CultureInfo.InvariantCulture);
}

/// <summary>CimHost_EthernetPortStatistics: the counters of each network port.</summary>
[CimProvider(ClassNames.EthernetPortStatistics)]
[method: ImportingConstructor]
internal sealed class EthernetPortStatisticsProvider(IProviderHost host, NetworkPorts ports, PlatformFiles files) : ICimProvider
{
    private static readonly (string Property, string Attribute)[] s_counters =
    [
        ("BytesReceived", "rx_bytes"), ("BytesTransmitted", "tx_bytes"), ("PacketsReceived", "rx_packets"), ("PacketsTransmitted", "tx_packets"),
        ("ReceiveErrors", "rx_errors"), ("TransmitErrors", "tx_errors"), ("ReceiveDropped", "rx_dropped"), ("TransmitDropped", "tx_dropped"),
        ("ReceiveCrcErrors", "rx_crc_errors"), ("MulticastReceived", "multicast"), ("Collisions", "collisions"),
    ];

    /// <summary>InstanceID of the statistics of a port.</summary>
    public static string IdOf(NetworkPort port) => "CimHost:ethernet:" + port.Id;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (NetworkPort port in await ports.ReadAsync(cancellationToken))
        {
            CimInstance instance = request.NewInstance();
            instance["InstanceID"] = IdOf(port);
            instance["ElementName"] = "Statistics of " + port.Interface;
            instance["StatisticTime"] = host.Time.GetUtcNow();
            foreach ((string property, string attribute) in s_counters)
            {
                if (request.Wants(property, "BytesTotal"))
                {
                    string? text = await files.TextAsync($"{port.Path}/statistics/{attribute}", cancellationToken);
                    instance[property] = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong count) ? count : CimValue.Null;
                }
            }

            instance["BytesTotal"] = instance["BytesReceived"].TryGetUInt64(out ulong received) && instance["BytesTransmitted"].TryGetUInt64(out ulong sent)
                ? unchecked(received + sent)
                : CimValue.Null;
            yield return instance;
        }
    }
}
