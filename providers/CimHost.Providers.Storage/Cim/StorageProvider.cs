using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Storage.Cim;

/// <summary>
/// Tells what belongs to each storage device. All devices are read at once and each is handed over when it is ready; what could not be
/// read is one error after the instances of the others.
/// </summary>
internal abstract class StorageProvider(IProviderHost host, StorageDevices devices) : ICimProvider, ICimGetInstance
{
    private const int MostFailuresTold = 5;

    protected IProviderHost Host => host;

    protected StorageDevices Devices => devices;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var found = Channel.CreateUnbounded<IReadOnlyList<CimInstance>>(new UnboundedChannelOptions { SingleReader = true });
        var failures = new ConcurrentQueue<string>();
        Task work = SweepAsync(request, found.Writer, failures, stop.Token);
        try
        {
            await foreach (IReadOnlyList<CimInstance> instances in found.Reader.ReadAllAsync(cancellationToken))
            {
                foreach (CimInstance instance in instances)
                {
                    yield return instance;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!failures.IsEmpty)
        {
            string more = failures.Count > MostFailuresTold ? $" And {failures.Count - MostFailuresTold} more." : string.Empty;
            throw CimException.Failed(string.Join(' ', failures.Order(StringComparer.Ordinal).Take(MostFailuresTold)) + more);
        }
    }

    /// <inheritdoc/>
    public virtual async ValueTask<CimInstance?> GetAsync(CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken)
    {
        if (StoragePaths.DeviceIdOf(path) is not { } id || await devices.FindAsync(id, cancellationToken) is not { } device)
        {
            return null;
        }

        return await GetOfAsync(device, request, path, cancellationToken);
    }

    /// <summary>The instance of that path among those that belong to a device.</summary>
    protected async ValueTask<CimInstance?> GetOfAsync(StorageDevice device, CimProviderRequest request, CimObjectPath path, CancellationToken cancellationToken)
    {
        try
        {
            DiskIdentity identity = await device.IdentifyAsync(cancellationToken);
            return Serves(identity)
                ? (await TellAsync(device, identity, request, cancellationToken)).FirstOrDefault(i => i.Path?.KeyString == path.KeyString)
                : null;
        }
        catch (HardwareException e)
        {
            throw CimException.Failed(e.Message, e);
        }
    }

    /// <summary>True when a device of this kind has instances of the class.</summary>
    protected abstract bool Serves(DiskIdentity identity);

    /// <summary>The instances of the class asked for that belong to a device.</summary>
    /// <exception cref="HardwareException">The device does not answer.</exception>
    protected abstract ValueTask<IReadOnlyList<CimInstance>> TellAsync(StorageDevice device, DiskIdentity identity, CimProviderRequest request, CancellationToken cancellationToken);

    private async Task SweepAsync(CimProviderRequest request, ChannelWriter<IReadOnlyList<CimInstance>> found, ConcurrentQueue<string> failures, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        var seen = new ConcurrentDictionary<string, StorageDevice>(StringComparer.Ordinal);
        try
        {
            await Task.WhenAll(devices.All().Select(device => ReadAsync(device, request, seen, found, failures, cancellationToken)));
        }
        catch (Exception e)
        {
            failure = e;
        }
        finally
        {
            found.Complete(failure);
        }
    }

    private async Task ReadAsync(
        StorageDevice device,
        CimProviderRequest request,
        ConcurrentDictionary<string, StorageDevice> seen,
        ChannelWriter<IReadOnlyList<CimInstance>> found,
        ConcurrentQueue<string> failures,
        CancellationToken cancellationToken)
    {
        try
        {
            DiskIdentity identity = await device.IdentifyAsync(cancellationToken);

            // A device with two paths is one device.
            if (Serves(identity) && seen.TryAdd(identity.DeviceId, device))
            {
                found.TryWrite(await TellAsync(device, identity, request, cancellationToken));
            }
        }
        catch (HardwareException e)
        {
            failures.Enqueue(e.Message);
        }
    }
}
