using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Io.Drivers;

/// <summary>The kernel's files (/sys, /proc), of this computer or of an emulated machine. Who opened the tree closes it.</summary>
/// <param name="name">Name of the driver.</param>
/// <param name="description">Whose files they are.</param>
/// <param name="files">The files.</param>
/// <param name="concurrency">How many reads at once.</param>
internal sealed class FileTreeDriver(string name, string description, IFileTree files, int concurrency) : IDeviceDriver
{
    private readonly FoundDevice[] _found = [new FoundDevice(new DeviceId(DeviceKind.Files, "root"), description, Node: null, concurrency)];

    public string Name => name;

    public IReadOnlyList<FoundDevice> Probe() => _found;

    public object Attach(FoundDevice device) => files;

    public ValueTask DetachAsync(object port) => ValueTask.CompletedTask;
}
