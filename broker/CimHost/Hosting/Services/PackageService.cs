using CimHost.ObjectManager.Providers;
using CimHost.VmKernel.Boot.Services;

namespace CimHost.Hosting.Services;

/// <summary>
/// The service of a provider package: its world runs the code of its providers, on the processors that its resource group is given. When the
/// world is killed, the package is out of service until init has started it again.
/// </summary>
/// <param name="package">The package.</param>
/// <param name="host">Makes what the host offers to the package.</param>
/// <param name="broker">Where the object manager is.</param>
internal sealed class PackageService(ProviderPackage package, Func<RunningBroker, ProviderPackage, HostProviderServices> host, Broker broker)
{
    /// <summary>Runs until it is asked to end.</summary>
    /// <exception cref="ServiceException">The package is wrong: trying again is of no use.</exception>
    public async Task RunAsync(ServiceContext context)
    {
        while (!context.Stop.IsCancellationRequested)
        {
            RunningBroker running = await broker.WhenRunningAsync(context.Stop);
            using HostProviderServices offer = host(running, package);
            await running.Packages.StartAsync(package, offer, TaskScheduler.Current, context.Stop);
            if (package.Status != PackageStatus.Loaded)
            {
                throw new ServiceException($"package {package.Name} is not in service ({package.Status}): {package.StatusText}");
            }

            try
            {
                context.Serving();
                await WhenEitherAsync(context.Stop, running.Ended);
            }
            finally
            {
                running.Packages.Stop(package);
            }
        }
    }

    // Asked to end, or the object manager has: then the package waits for the next one.
    private static async Task WhenEitherAsync(CancellationToken stop, CancellationToken ended)
    {
        var either = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration first = stop.Register(() => either.TrySetResult());
        await using CancellationTokenRegistration second = ended.Register(() => either.TrySetResult());
        await either.Task;
    }
}
