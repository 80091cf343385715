using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CimHost.Providers.Ipmi.Model;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>
/// What the providers of this package have in common: all controllers are asked side by side, so that one that does not answer keeps
/// nobody else's instances back; its error comes last.
/// </summary>
internal abstract class IpmiProvider(IpmiModels models) : ICimProvider
{
    private const int MaxAhead = 256;

    protected IpmiModels Models => models;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<CimInstance>(new BoundedChannelOptions(MaxAhead) { SingleReader = true });
        Task<CimException?>[] told = [.. models.Current.Select(m => TellIntoAsync(channel.Writer, m, request, stop.Token))];
        Task completion = CompleteAsync(channel.Writer, told);
        try
        {
            await foreach (CimInstance instance in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return instance;
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        await completion;
        Throw([.. (await Task.WhenAll(told)).OfType<CimException>()]);
    }

    /// <summary>Tells the instances of one controller.</summary>
    protected abstract IAsyncEnumerable<CimInstance> TellAsync(BmcModel model, InventoryState state, CimProviderRequest request, CancellationToken cancellationToken);

    /// <summary>The error that follows what could be told, when the controller stopped answering or answers nonsense.</summary>
    protected static CimException Unreadable(BmcModel model, HardwareException failure) =>
        CimException.Failed($"{model.Port.Name} ({model.Port.Description}) cannot be read: {failure.Message}", failure);

    private static void Throw(CimException[] errors)
    {
        if (errors.Length == 1)
        {
            throw errors[0];
        }

        if (errors.Length > 1)
        {
            throw CimException.Failed(string.Join(" ", errors.Select(e => e.Message)), errors[0]);
        }
    }

    // The exceptions of the tasks are looked at when the channel has been read.
    private static async Task CompleteAsync(ChannelWriter<CimInstance> writer, Task[] told)
    {
        await Task.WhenAll(told).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        writer.Complete();
    }

    private async Task<CimException?> TellIntoAsync(ChannelWriter<CimInstance> writer, BmcModel model, CimProviderRequest request, CancellationToken cancellationToken)
    {
        try
        {
            InventoryState state = await model.InventoryAsync(cancellationToken);
            await foreach (CimInstance instance in TellAsync(model, state, request, cancellationToken))
            {
                await writer.WriteAsync(instance, cancellationToken);
            }

            return state.Failure is { } failure ? Unreadable(model, failure) : null;
        }
        catch (CimException e)
        {
            return e;
        }
        catch (HardwareException e)
        {
            return Unreadable(model, e);
        }
    }
}
