using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Io;

namespace CimHost.VmKernel.Devices.Capture.Recording;

/// <summary>Another driver, with a recorder before each of its ports.</summary>
internal sealed class RecordingDriver(IDeviceDriver driver, HardwareRecorder recorder) : IDeviceDriver
{
    public string Name => driver.Name;

    public IReadOnlyList<FoundDevice> Probe() => driver.Probe();

    public object Attach(FoundDevice device) => recorder.Record(driver.Attach(device));

    public ValueTask DetachAsync(object port) => driver.DetachAsync(port is IRecordingPort recording ? recording.Inner : port);
}
