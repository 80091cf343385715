using CimHost.ObjectManager;
using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;
using CimHost.VmKernel.Devices.Io.Worlds;

namespace CimHost.Hosting;

/// <summary>What the host offers to one package; dispose it when the package's world ends.</summary>
/// <param name="package">Name of the package.</param>
/// <param name="manager">Object manager.</param>
/// <param name="hardware">The devices that the package declares.</param>
/// <param name="systemName">Name of the computer.</param>
/// <param name="configuration">The package's settings.</param>
/// <param name="loggers">Log.</param>
/// <param name="time">Clock of the package; null: the computer's.</param>
internal sealed class HostProviderServices(string package, CimObjectManager manager, WorldHardware hardware, string systemName, IReadOnlyDictionary<string, string> configuration, ILoggerFactory loggers, TimeProvider? time = null) : IProviderHost, IDisposable
{
    public IHardware Hardware => hardware;

    public ICimOperations Cim { get; } = manager.For(CimCaller.Host);

    public TimeProvider Time => time ?? TimeProvider.System;

    public IProviderLog Log { get; } = new ProviderLog(loggers.CreateLogger("CimHost.Package." + package));

    public IReadOnlyDictionary<string, string> Configuration => configuration;

    public string SystemName => systemName;

    public void Dispose() => hardware.Dispose();
}
