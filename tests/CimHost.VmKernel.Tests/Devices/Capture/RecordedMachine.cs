using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices;
using CimHost.VmKernel.Devices.Capture;
using CimHost.VmKernel.Devices.Capture.Recording;
using CimHost.VmKernel.Devices.Io.Worlds;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CimHost.VmKernel.Tests.Devices.Capture;

/// <summary>A machine whose ports are recorded, written into a directory of its own.</summary>
internal sealed class RecordedMachine(IMachine machine) : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capture");
    private readonly HardwareRecorder _recorder = new();
    private HostHardware? _hardware;
    private WorldHardware? _world;

    public string Folder => _folder.FullName;

    /// <summary>The hardware as a provider has it.</summary>
    public IHardware Hardware => _world ??= Open().For("test", DeviceDeclaration.All);

    /// <summary>Writes what was recorded.</summary>
    public async Task<CaptureReport> WriteAsync(bool keepIdentifiers = true)
    {
        _world?.Dispose();
        if (_hardware is not null)
        {
            await _hardware.DisposeAsync();
        }

        return _recorder.Write(Folder, machine.SystemName, keepIdentifiers);
    }

    /// <summary>The machine that plays what was written.</summary>
    public CapturedMachine Replay(ILogger? logger = null) => CapturedMachine.Open(Folder, TimeProvider.System, logger ?? NullLogger.Instance);

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private HostHardware Open() => _hardware = HostHardware.Open(new HardwareOptions { Machine = machine, Recorder = _recorder }, NullLoggerFactory.Instance);
}
