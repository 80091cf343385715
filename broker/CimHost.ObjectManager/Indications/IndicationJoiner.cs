using System.Runtime.CompilerServices;
using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Query;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using Microsoft.Extensions.Logging;

namespace CimHost.ObjectManager.Indications;

/// <summary>
/// Looks up, before indications are queued, what filters join with them: the instances of the ordinary classes as they are at that time, in
/// the namespace of the filter. Time, instances and rows are bounded. A lookup that fails loses no indication: when the instances that
/// could be read give no row, an indication that meets the conditions on itself is delivered with NULL for what could not be looked up.
/// </summary>
internal sealed partial class IndicationJoiner(CimObjectManager manager, IndicationState state, IndicationOptions options, ILogger logger)
{
    // Each row is an indication of its own.
    private const int MaxRows = 100;

    private readonly ConditionalWeakTable<FilterQuery, string> _failures = [];

    /// <summary>What the filters of live subscriptions that join make of indications.</summary>
    public async ValueTask<JoinedIndications> JoinAsync(IReadOnlyList<CimInstance> indications, string namespaceName, DateTimeOffset now, CancellationToken cancellationToken)
    {
        JoinedIndications? joined = null;
        foreach (FilterQuery query in state.Model.JoiningQueries(now))
        {
            List<CimInstance> admitted = [.. indications.Where(i => query.Admits(manager.Repository.Schema, i, namespaceName))];
            if (admitted.Count > 0)
            {
                joined ??= new JoinedIndications();
                await JoinAsync(query, query.Join!, admitted, joined, cancellationToken);
            }
        }

        return joined ?? JoinedIndications.None;
    }

    private async Task JoinAsync(FilterQuery query, QueryJoin join, List<CimInstance> indications, JoinedIndications joined, CancellationToken cancellationToken)
    {
        List<CimInstance>[] instances = [.. query.Sources.Select(_ => new List<CimInstance>())];
        string unread = await ReadAsync(query, join, instances, cancellationToken), failure = unread;
        foreach (CimInstance indication in indications)
        {
            instances[query.Source] = [indication];
            List<CimInstance> results = [];
            bool isWhole = unread.Length == 0;
            try
            {
                foreach (QueryRow row in join.Rows(instances, cancellationToken))
                {
                    if (results.Count == MaxRows)
                    {
                        failure = $"An indication is joined with more than {MaxRows} rows; the others are left out.";
                        break;
                    }

                    results.Add(query.Select(indication, row));
                }
            }
            catch (CimException e)
            {
                failure = e.Message;
                isWhole = false;
            }

            if (results.Count == 0 && !isWhole)
            {
                results.Add(query.Select(indication, query.RowOf(indication)));
            }

            joined.Add(query, indication, results);
        }

        // Once for each new reason: an alert storm must not be one in the log too.
        if (failure.Length > 0 && (!_failures.TryGetValue(query, out string? last) || last != failure))
        {
            LogFailed(query.ClassName, failure);
        }

        _failures.AddOrUpdate(query, failure);
    }

    // What was read before a failure is in the lists.
    private async Task<string> ReadAsync(FilterQuery query, QueryJoin join, List<CimInstance>[] instances, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(options.LookupSeconds));
        ICimOperations operations = manager.For(CimCaller.Host);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, instances.Length).Where(i => i != query.Source).Select(i =>
                join.ReadAsync(i, operations.EnumerateInstancesAsync(query.Namespace, query.Sources[i].ClassName.Text, CimInstanceOptions.Full, deadline.Token), instances[i], deadline.Token)));
            return string.Empty;
        }
        catch (CimException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"The instances could not be read within {options.LookupSeconds} s.";
        }
    }

    [LoggerMessage(2213, LogLevel.Warning, "A filter of {ClassName} could not look up all that it joins; indications without a match are delivered with NULL for it: {Reason}")]
    private partial void LogFailed(string className, string reason);
}
