using CimHost.VmKernel.Devices.Ipmi.Lan;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Devices.Io.Drivers;

/// <summary>The configured remote BMCs. They are devices whether they answer or not: a session is opened with the first command.</summary>
internal sealed class LanIpmiDriver(IReadOnlyList<RemoteBmc> bmcs, ILogger logger, TimeProvider time) : IDeviceDriver
{
    private readonly Dictionary<string, RemoteBmc> _bmcs = bmcs.ToDictionary(bmc => bmc.Name);

    private readonly FoundDevice[] _found =
    [
        .. bmcs.Select(bmc => new FoundDevice(new DeviceId(DeviceKind.Ipmi, bmc.Name), LanIpmiPort.Describe(bmc), "bmc/" + bmc.Name, LanIpmiPort.InFlight)),
    ];

    public string Name => "IPMI over LAN";

    public IReadOnlyList<FoundDevice> Probe() => _found;

    public object Attach(FoundDevice device) => new LanIpmiPort(_bmcs[device.Id.Name], logger, timing: null, time);

    public ValueTask DetachAsync(object port) => ((LanIpmiPort)port).DisposeAsync();
}
