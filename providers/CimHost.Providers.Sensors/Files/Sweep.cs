using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace CimHost.Providers.Sensors.Files;

/// <summary>Reads many things at once and hands each over as it is ready: what is slow delays nothing but itself.</summary>
internal static class Sweep
{
    // The kernel reads the attributes of one device one after another; more lanes would only let a dead device hold more threads.
    private const int LanesPerDevice = 4;

    /// <summary>
    /// Reads all items, those of different devices independently of each other, and yields the results in the order in which they are
    /// ready. Ends all reads when the caller stops enumerating.
    /// </summary>
    public static async IAsyncEnumerable<TResult> ReadAsync<TItem, TResult>(
        IReadOnlyList<TItem> items,
        Func<TItem, string> device,
        Func<TItem, CancellationToken, ValueTask<TResult>> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var results = Channel.CreateUnbounded<TResult>(new UnboundedChannelOptions { SingleReader = true });
        Task work = RunAsync(items, device, read, results.Writer, stop.Token);
        try
        {
            await foreach (TResult result in results.Reader.ReadAllAsync(cancellationToken))
            {
                yield return result;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task RunAsync<TItem, TResult>(
        IReadOnlyList<TItem> items,
        Func<TItem, string> device,
        Func<TItem, CancellationToken, ValueTask<TResult>> read,
        ChannelWriter<TResult> results,
        CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = LanesPerDevice, CancellationToken = cancellationToken };
        Exception? failure = null;
        try
        {
            await Task.WhenAll(items.GroupBy(device, StringComparer.Ordinal).Select(group => Parallel.ForEachAsync(
                group,
                options,
                async (item, token) => results.TryWrite(await read(item, token)))));
        }
        catch (Exception e)
        {
            failure = e;
        }
        finally
        {
            // The enumeration throws it after the results that were ready.
            results.Complete(failure);
        }
    }
}
