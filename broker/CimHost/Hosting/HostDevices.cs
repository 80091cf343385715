using CimHost.Configuration;
using CimHost.Sdk.Hardware;

namespace CimHost.Hosting;

/// <summary>The devices of this computer or of an emulated machine.</summary>
internal sealed class HostDevices : IAsyncDisposable
{
    private HostDevices(IHardware hardware, string systemName)
    {
        Hardware = hardware;
        SystemName = systemName;
    }

    public IHardware Hardware { get; }

    public string SystemName { get; }

    public static HostDevices Open(CimHostOptions options, ILoggerFactory loggers) => new(null!, Environment.MachineName);

    public ValueTask DisposeAsync() => default;
}
