using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io;

namespace CimHost.VmKernel.Tests.Devices.Io;

/// <summary>A driver of management controllers that a test plugs in and out.</summary>
internal sealed class FakeDriver(string name = "fake") : IDeviceDriver
{
    public string Name => name;

    public List<FoundDevice> Present { get; } = [];

    public List<object> Detached { get; } = [];

    /// <summary>What <see cref="Attach"/> throws; null: nothing.</summary>
    public Exception? AttachFailure { get; set; }

    /// <summary>What <see cref="Probe"/> throws; null: nothing.</summary>
    public Exception? ProbeFailure { get; set; }

    public static FoundDevice Bmc(string name, string place = "slot 1", int concurrency = 2) => new(new DeviceId(DeviceKind.Ipmi, name), place, name, concurrency);

    public IReadOnlyList<FoundDevice> Probe() => ProbeFailure is null ? [.. Present] : throw ProbeFailure;

    public object Attach(FoundDevice device) => AttachFailure is null ? new Port(device.Id.Name) : throw AttachFailure;

    public ValueTask DetachAsync(object port)
    {
        Detached.Add(port);
        return ValueTask.CompletedTask;
    }

    /// <summary>Answers every command with its own data.</summary>
    internal sealed class Port(string name) : IIpmiPort
    {
        public string Name => name;

        public string Description => "fake";

        public int Concurrency => 1;

        public ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(new IpmiResponse(0, request.Data));
    }
}
