using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Providers;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;
using Microsoft.Extensions.Logging;

namespace CimHost.ObjectManager.Indications;

/// <summary>
/// Indications that providers tell by themselves (<see cref="ICimIndicationSource"/>). Each source is asked once for each of its classes that
/// a live subscription can let through, and is let go when the last such subscription ends. One that fails or stops telling is asked again
/// after 1, 2, 4 … 60 s; a source is never faster than the disk takes what it tells, and one that ignores its end is left behind.
/// </summary>
internal sealed partial class ProvidedIndications(CimObjectManager manager, IndicationService service, IndicationState state, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Key, Reading> _readings = [];

    /// <summary>Begins and ends readings as the subscriptions and packages of the moment ask.</summary>
    public void Refresh()
    {
        HashSet<Key> wanted = [.. Wanted()];
        foreach ((Key key, Reading reading) in _readings.Where(r => !wanted.Contains(r.Key)).ToArray())
        {
            _readings.Remove(key);
            reading.Stop.Cancel();
        }

        foreach (Key key in wanted)
        {
            if (!_readings.ContainsKey(key))
            {
                var reading = new Reading();
                _readings[key] = reading;
                reading.Work = ReadAsync(key, reading.Stop.Token);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Reading reading in _readings.Values)
        {
            await reading.Stop.CancelAsync();
        }

        Task all = Task.WhenAll(_readings.Values.Select(r => r.Work));
        await Task.WhenAny(all, Task.Delay(s_patience, time));
        _readings.Clear();
    }

    private IEnumerable<Key> Wanted()
    {
        IndicationModel model = state.Model;
        List<FilterQuery> queries = [.. model.Subscriptions.Values.Where(s => s.IsLive(service.Now)).SelectMany(model.FiltersOf).SelectMany(f => f.Queries)];
        if (queries.Count == 0)
        {
            yield break;
        }

        foreach (ProviderRegistration registration in manager.ProviderHealth.Select(h => h.Registration).Where(r => r.Provider is ICimIndicationSource))
        {
            foreach (string ns in registration.Namespaces)
            {
                foreach (string className in registration.ClassNames)
                {
                    if (manager.Repository.Schema.FindClass(ns, className) is { IsIndication: true } && queries.Exists(q => CanPass(q, ns, className)))
                    {
                        yield return new Key(registration, ns, className);
                    }
                }
            }
        }
    }

    private bool CanPass(FilterQuery query, string ns, string className) =>
        string.Equals(query.Namespace, manager.Repository.Schema.ResolveNamespace(ns), StringComparison.OrdinalIgnoreCase)
        && manager.Repository.Schema.IsSubclassOf(ns, className, query.ClassName);

    private async Task ReadAsync(Key key, CancellationToken stop)
    {
        TimeSpan pause = s_shortestPause;
        while (!stop.IsCancellationRequested)
        {
            long told = 0;
            try
            {
                // From its first line on the provider's code runs where its package is given processors.
                await Task.Factory.StartNew(() => TellAsync(key, () => told++, stop), CancellationToken.None, TaskCreationOptions.DenyChildAttach, key.Registration.Scheduler).Unwrap();
                LogEnded(key.Registration.Name, key.ClassName);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(key.Registration.Name, key.ClassName, e.Message, e is CimException ? null : e);
            }

            pause = told > 0 ? s_shortestPause : pause;
            try
            {
                await Task.Delay(pause, time, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    private async Task TellAsync(Key key, Action told, CancellationToken stop)
    {
        CimClass cimClass = manager.Repository.Schema.GetClass(key.Namespace, key.ClassName);
        var request = new CimProviderRequest(cimClass, key.Namespace);
        await foreach (CimInstance indication in ((ICimIndicationSource)key.Registration.Provider).IndicationsAsync(request, stop).WithCancellation(stop))
        {
            stop.ThrowIfCancellationRequested();
            CimInstance accepted = ProvidedInstance.Accept(indication, request, key.Registration.Name);
            await service.PublishAsync(accepted, key.Namespace, null, stop);
            told();
        }
    }

    [LoggerMessage(2211, LogLevel.Warning, "{Provider} stopped telling indications of {ClassName}; it is asked again")]
    private partial void LogEnded(string provider, string className);

    [LoggerMessage(2212, LogLevel.Error, "{Provider} failed while it told indications of {ClassName} and is asked again: {Reason}")]
    private partial void LogFailed(string provider, string className, string reason, Exception? exception);

    private readonly record struct Key(ProviderRegistration Registration, string Namespace, string ClassName);

    private sealed class Reading
    {
        public CancellationTokenSource Stop { get; } = new();

        public Task Work { get; set; } = Task.CompletedTask;
    }
}
