using System.Runtime.CompilerServices;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Operations;

/// <summary>
/// Reads several sources of instances as one. The sources come in their order, so that a query told twice looks the same twice; but one
/// that keeps its reader waiting does not hold the others back for longer than a moment. An error of a source comes last, after everything
/// that the others had (DSP0200: partial results, then ERROR).
/// </summary>
internal static class InstanceSources
{
    // How long the order is worth waiting for, once per request.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(250);

    /// <summary>The instances of all sources; each source in its own order.</summary>
    public static IAsyncEnumerable<CimInstance> ReadAll(List<IAsyncEnumerable<CimInstance>> sources, CancellationToken cancellationToken) => sources.Count switch
    {
        0 => AsyncEnumerable.Empty<CimInstance>(),
        1 => sources[0],
        _ => MergeAsync(sources, cancellationToken),
    };

    private static async IAsyncEnumerable<CimInstance> MergeAsync(List<IAsyncEnumerable<CimInstance>> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Source> open = [.. sources.Select(s => new Source(s.GetAsyncEnumerator(end.Token)))];
        Task patience = Task.Delay(s_patience, end.Token);
        CimException? error = null;
        try
        {
            for (int i = 0; open.Count > 0;)
            {
                if (i == open.Count)
                {
                    // All that is left waits; whoever has something first goes on first.
                    await Task.WhenAny(open.Select(s => s.Step));
                    i = 0;
                }

                Source source = open[i];
                bool ended = false;
                while (!ended && (source.Step.IsCompleted || !patience.IsCompleted))
                {
                    if (!source.Step.IsCompleted && await Task.WhenAny(source.Step, patience) == patience)
                    {
                        break;
                    }

                    try
                    {
                        ended = !await source.Step;
                    }
                    catch (CimException e)
                    {
                        error ??= e;
                        ended = true;
                    }

                    if (!ended)
                    {
                        CimInstance instance = source.Items.Current;
                        yield return instance;
                        source.Advance();
                    }
                }

                i += ended ? 0 : 1;
                if (ended)
                {
                    open.Remove(source);
                    await source.Items.DisposeAsync();
                }
            }
        }
        finally
        {
            await end.CancelAsync();
            foreach (Source source in open)
            {
                await source.EndAsync();
            }
        }

        if (error is not null)
        {
            throw new CimException(error.Status, error.Message, error);
        }
    }

    /// <summary>A source with the step that is under way. Each step begins as soon as the one before was used.</summary>
    private sealed class Source
    {
        public Source(IAsyncEnumerator<CimInstance> items)
        {
            Items = items;
            Step = items.MoveNextAsync().AsTask();
        }

        public IAsyncEnumerator<CimInstance> Items { get; }

        public Task<bool> Step { get; private set; }

        public void Advance() => Step = Items.MoveNextAsync().AsTask();

        // A source can be closed only between two steps; how the last one ended does not matter to anybody any more.
        public async ValueTask EndAsync()
        {
            await Step.ContinueWith(static step => _ = step.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await Items.DisposeAsync();
        }
    }
}
