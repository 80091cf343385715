using CimHost.ObjectManager;
using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.Hosting;

/// <summary>What the host offers to one package.</summary>
internal sealed class HostProviderServices(string package, CimObjectManager manager, IHardware hardware, string systemName, IReadOnlyDictionary<string, string> configuration, ILoggerFactory loggers) : IProviderHost
{
    public IHardware Hardware => hardware;

    public ICimOperations Cim { get; } = manager.For(CimCaller.Host);

    public TimeProvider Time => TimeProvider.System;

    public IProviderLog Log { get; } = new ProviderLog(loggers.CreateLogger("CimHost.Package." + package));

    public IReadOnlyDictionary<string, string> Configuration => configuration;

    public string SystemName => systemName;
}
