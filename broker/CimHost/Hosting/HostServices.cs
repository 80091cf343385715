using CimHost.Endpoints;
using CimHost.ObjectManager;
using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Repository;
using CimHost.VmKernel.Users;

namespace CimHost.Hosting;

/// <summary>What the host consists of. Disposed with the web host, from the outside in: no more requests, then providers, then devices and the database.</summary>
internal sealed record HostServices(
    Accounts Accounts,
    HostDevices Devices,
    HostKernel Kernel,
    CimRepository Repository,
    CimObjectManager Manager,
    ProviderPackages Packages,
    FrontDoor FrontDoor,
    ILoggerFactory Loggers) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Manager.DisposeAsync();
        foreach (ProviderPackage package in Packages.All)
        {
            Packages.Stop(package.Name);
        }

        await Devices.DisposeAsync();
        Repository.Dispose();
        Accounts.Dispose();
        await Kernel.DisposeAsync();
        Loggers.Dispose();
    }
}
